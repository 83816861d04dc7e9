from odoo import fields, models

from ..models.contact_center_rating import RETURN_STATES


class ContactCenterRatingDecide(models.TransientModel):
    """Agrees to an applicant's wish for rework or refuses it, and asks for what the decision carries."""

    _name = "contact.center.rating.decide"
    _description = "Decide on a Wish for Rework"

    rating_id = fields.Many2one("contact.center.rating", required=True, readonly=True, ondelete="cascade")
    # Read as the user: anybody can name any rating here.
    stars = fields.Selection(related="rating_id.stars", related_sudo=False)
    missing = fields.Text(related="rating_id.missing", related_sudo=False)
    photo_ids = fields.One2many(related="rating_id.photo_ids", related_sudo=False)
    decision = fields.Selection(RETURN_STATES[2:], required=True, default="agreed")
    comment = fields.Text("For those who do the work")
    reason = fields.Text("Reason, for the applicant")

    def action_apply(self):
        """Decide."""
        self.ensure_one()
        if self.decision == "agreed":
            self.rating_id.agree_return(self.comment)
        else:
            self.rating_id.refuse_return(self.reason)
        return {"type": "ir.actions.act_window_close"}
