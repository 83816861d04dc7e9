import logging

_logger = logging.getLogger(__name__)


def work_off(records, domain, step):
    """Do one step of a scheduled job with each of many records, in a transaction of its own.

    Killed and started again it does nothing twice. What a colleague holds or has settled meanwhile is left out; what
    fails is logged, left for the next run and doesn't hold up the others.

    :param records: recordset of any model, in the order in which to go.
    :param domain: what a record must still fulfil when its turn comes.
    :param step: function that is called with one record.
    """
    cron = records.env["ir.cron"]
    cron._commit_progress(remaining=len(records))
    for record in records:
        try:
            with record.env.cr.savepoint():
                still_due = record.try_lock_for_update(allow_referencing=True).filtered_domain(domain)
                if still_due:
                    step(still_due)
        except Exception:
            _logger.exception("%s failed in a scheduled job", record)
        if not cron._commit_progress(1):
            break
