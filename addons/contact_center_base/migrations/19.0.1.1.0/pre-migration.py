from odoo.tools import SQL
from odoo.tools.sql import column_exists

from odoo.addons.contact_center_base.const import PUBLIC_CLASSES


def migrate(cr, version):
    """Fill what is new on requests by the database: computing it record by record takes hours on a million of them."""
    if column_exists(cr, "contact_center_request", "is_public"):
        return
    cr.execute(
        """
        ALTER TABLE contact_center_request
            ADD COLUMN is_public boolean, ADD COLUMN changed_at timestamp, ADD COLUMN publish_text boolean
        """
    )
    cr.execute(
        SQL(
            """
            UPDATE contact_center_request AS request
               SET is_public = NOT COALESCE(restricted, FALSE) AND request_class IN %s AND EXISTS (
                       SELECT FROM contact_center_category category
                        WHERE category.id = request.category_id AND category.public
                   ),
                   changed_at = COALESCE(
                       (SELECT MAX(date) FROM contact_center_request_event WHERE request_id = request.id),
                       request.registered_at
                   )
            """,
            PUBLIC_CLASSES,
        )
    )
    # Applicants are looked for by their e-mail addresses from now on.
    cr.execute("UPDATE contact_center_request SET email = LOWER(TRIM(email)) WHERE email != LOWER(TRIM(email))")
