"""Tables whose rows are only ever added: the database itself refuses everything else, whoever asks."""

from contextlib import contextmanager

from odoo.tools import SQL


def protect(cr, table):
    """Let rows of a table only be added. Erasing personal data may empty ``comment`` and delete rows: see below."""
    cr.execute(
        SQL(
            """
            CREATE OR REPLACE FUNCTION contact_center_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF current_setting('contact_center.erasing', true) = 'on' THEN
                    IF TG_OP = 'DELETE' THEN
                        RETURN OLD;
                    ELSIF to_jsonb(NEW) = to_jsonb(OLD) || '{"comment": null}' THEN
                        RETURN NEW;
                    END IF;
                END IF;
                RAISE EXCEPTION 'Rows of %% can only be added', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
            END $$;
            CREATE OR REPLACE TRIGGER %(trigger)s BEFORE UPDATE OR DELETE ON %(table)s
                FOR EACH ROW EXECUTE FUNCTION contact_center_refuse_change();
            """,
            trigger=SQL.identifier(f"{table}_append_only"),
            table=SQL.identifier(table),
        )
    )


@contextmanager
def open_for_erasure(cr):
    """Let this transaction, while in this context, empty comments and delete rows of such tables.

    Only the erasure of personal data and the end of the retention time do so, because laws demand it.
    """
    # After an error the savepoint takes the setting back.
    with cr.savepoint():
        cr.execute("SET LOCAL contact_center.erasing = 'on'")
        yield
        cr.execute("SET LOCAL contact_center.erasing = 'off'")
