from odoo import api, models


class ContactCenterControlCard(models.AbstractModel):
    """The printed control card of requests: all that happened to each, for those who check."""

    _name = "report.contact_center_base.contact_center_control_card"
    _description = "Control Card"

    @api.model
    def _get_report_values(self, docids, data=None):
        requests = self.env["contact.center.request"].browse(docids)
        # Whoever may not read a request gets no card of it, also not through an address typed by hand.
        requests.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": requests._name,
            "docs": requests,
            "state_lines": {request: self._get_state_lines(request) for request in requests},
        }

    @api.model
    def _get_state_lines(self, request):
        """Return ``[(state, label, duration)]`` of the states one request was in, in the reader's language."""
        labels = dict(request._fields["state"]._description_selection(self.env))
        return [
            (state, labels[state], self._format_duration(seconds))
            for state, seconds in request.get_state_durations().items()
        ]

    @api.model
    def _format_duration(self, seconds):
        """Return a duration in the two largest units that fit: days and hours, or hours and minutes."""
        days, rest = divmod(int(seconds), 86400)
        hours, minutes = divmod(rest // 60, 60)
        if days:
            return self.env._("%(days)s d %(hours)s h", days=days, hours=hours)
        return self.env._("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
