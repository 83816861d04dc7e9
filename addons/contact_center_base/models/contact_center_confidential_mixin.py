from odoo import api, fields, models

# They decide whether a request is restricted.
RESTRICTING_FIELDS = {"restricted", "category_id"}


class ContactCenterConfidentialMixin(models.AbstractModel):
    """Keeps files and restricted requests to those who may read them (KP-2.7, KP-2.8).

    Record rules decide who that is; here is what rules don't reach: files that are linked to a request, and colleagues
    who follow or work on one at the moment in which it becomes restricted.
    """

    _name = "contact.center.confidential.mixin"
    _description = "Confidentiality of Requests"

    photo_ids = fields.Many2many("ir.attachment", string="Photos and files", bypass_search_access=True)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        requests._adopt_photos()
        return requests

    def write(self, vals):
        may_close = self.browse() if RESTRICTING_FIELDS.isdisjoint(vals) else self
        readable = may_close.filtered(lambda request: not request.restricted)
        result = super().write(vals)
        if "photo_ids" in vals:
            self._adopt_photos()
        readable._close_to_outsiders()
        return result

    def web_save(self, vals, specification, next_id=None):
        """Save also what takes the request out of the user's sight, and send nothing back of it then."""
        if not self or next_id:
            return super().web_save(vals, specification, next_id=next_id)
        self.write(vals)
        return self._filtered_access("read").with_context(bin_size=True).web_read(specification)

    def web_save_multi(self, vals_list, specification):
        """Save also what takes some of the requests out of the user's sight, and send the others back."""
        for request, vals in zip(self, vals_list, strict=True):
            request.write(vals)
        return self._filtered_access("read").with_context(bin_size=True).web_read(specification)

    # ------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------

    def _adopt_photos(self):
        """Make the files that the user uploaded for these requests readable to whoever reads the request.

        :raises AccessError: for a file that the user may not read: linking would open it.
        """
        for request in self.filtered("photo_ids"):
            # Who uploaded a file and whether it belongs to a record yet isn't for everybody to read, hence sudo.
            photos = request.photo_ids.sudo()
            fresh = photos.filtered(lambda photo: not photo.res_id)
            uploaded = fresh if self.env.su else fresh.filtered(lambda photo: photo.create_uid == self.env.user)
            (photos - uploaded).with_env(self.env).check_access("read")
            uploaded.write({"res_model": self._name, "res_id": request.id})

    def _close_to_outsiders(self):
        """Take those of these requests that have just become restricted off the hands of who may not read them."""
        # Whoever restricts a request may lose sight of it by that very act, hence sudo.
        for request in self.sudo().filtered("restricted"):
            activities = request.activity_ids
            outsiders = request._get_outsiders(
                request.user_id | activities.user_id | request.message_partner_ids.user_ids
            )
            request.message_unsubscribe(outsiders.partner_id.ids)
            # What is to be done waits for those who may read the request; its name tells the number only from now on.
            activities.filtered_domain([("user_id", "in", outsiders.ids)]).user_id = False
            activities.res_name = request.display_name
            if request.user_id in outsiders:
                request.user_id = False

    def _get_outsiders(self, users):
        """Return those of many users who may not read this one request."""
        return users.filtered(lambda user: not self.with_user(user)._filtered_access("read"))
