from odoo import api, fields, models


class ContactCenterNotification(models.Model):
    """Something that a person is to be written about: at once or with the next digest."""

    _name = "contact.center.notification"
    _description = "Notification"
    _order = "id"

    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")
    assignment_id = fields.Many2one("contact.center.assignment", required=True, index=True, ondelete="cascade")
    kind = fields.Char(required=True)
    text = fields.Text()

    @api.model
    def _queue(self, assignments, kind, text=None):
        """Note that the people of many assignments are to be written to.

        :param assignments: recordset of ``contact.center.assignment``.
        :param str kind: what happened.
        :param str text: what was said, if anything.
        """
        rows = []
        for assignment in assignments:
            for user in assignment.executor_id._get_users() - self.env.user:
                rows.append({"user_id": user.id, "assignment_id": assignment.id, "kind": kind, "text": text})
        # Nobody has the right to write into the queue, hence sudo.
        return self.sudo().create(rows)
