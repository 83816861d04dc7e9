from werkzeug.exceptions import NotFound

from odoo.http import request

from ..models.contact_center_follow_mixin import PICTURES
from .rating import RatingPages

#: Longer side of a thumbnail, in pixels.
THUMBNAIL = 256
#: What a person may do with a request on its page, the last part of the address.
ACTS = "answer,withdraw,comment,inform,leave"
HOUR = 60 * 60
# The address is the secret: it goes to nobody else, and what it shows stays in no shared cache or search engine.
PRIVATE_HEADERS = {"Referrer-Policy": "same-origin", "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


class FollowPages(RatingPages):
    """Showing a request to one of its people and taking what they do, the same by link and in the cabinet.

    A request is always given together with the person; that they belong together was checked before.
    """

    def _render_request(self, template, found, person, url, **values):
        """Return the page of a request.

        :param str url: address of the page, without parameters; forms are sent below it.
        """
        row = found._read_for_applicant(person)
        rating = {"rating": found._read_rating_for_applicant(person), "rating_url": f"{url}/rate"}
        values = {"row": row, "follow_url": url, "zone": row["zone"], "typed": {}, **rating, **values}
        response = request.render(template, values)
        response.headers.update(PRIVATE_HEADERS)
        return response

    def _hold_back_act(self, found):
        """Count an act on a request, and return the answer for somebody who does too much, else ``None``."""
        allowances = [("follow", self._get_visitor(), 30, HOUR), ("follow_one", str(found.id), 20, HOUR)]
        return self._hold_back(found.company_id, *allowances)

    def _act(self, found, person, act, form):
        """Carry out what the form of an act asks for; return why it was refused, or ``None``."""
        text = self._read_text(form.get("text"))
        steps = {
            "answer": lambda: found._answer_as_applicant(person, text, self._read_uploads()),
            "comment": lambda: found._comment_as_applicant(person, text, self._read_uploads()),
            "withdraw": lambda: found._withdraw_as_applicant(person, text),
            "inform": lambda: found._inform_applicant_by(person, self._read_text(form.get("channel"))),
            "leave": lambda: found._leave_as_participant(person),
        }
        return self._attempt(steps[act])

    def _send_file(self, found, person, file_id, small=None):
        """Stream a file that a person sees on the page of a request; ``small`` gives a thumbnail of a picture.

        :raises NotFound: for every other file.
        """
        file = found._get_file_for_applicant(person, file_id)
        if not file:
            raise NotFound
        streams = request.env["ir.binary"]
        if file.mimetype in PICTURES:
            size = {"width": THUMBNAIL, "height": THUMBNAIL} if small else {}
            response = streams._get_image_stream_from(file, "raw", **size).get_response()
        else:
            response = streams._get_stream_from(file, "raw").get_response(as_attachment=True)
        response.headers.update({**PRIVATE_HEADERS, "Cache-Control": "private, max-age=3600"})
        return response
