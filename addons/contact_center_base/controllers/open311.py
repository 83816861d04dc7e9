"""Open311 GeoReport v2 over HTTP; see ``docs/api-open311.md``."""

import json
import logging
import re
from http import HTTPStatus

from werkzeug.exceptions import Forbidden, HTTPException, MethodNotAllowed, NotFound, TooManyRequests

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import Dispatcher, Response, request
from odoo.tools import file_open

from ..moments import aware
from ..open311 import FORMATS, BadParameter, read_query, read_text, render, render_error
from .json_api import explain_error

ROOT = "/open311/v2"
OPENAPI = "contact_center_base/static/open311/openapi.json"
#: Bytes of a report: a description of the longest kind in any script, several times over.
LARGEST_BODY = 256 * 1024
#: Calls in a minute from one address without a key.
STRANGER_LIMIT = 60
MINUTE = 60
READING = ("GET", "HEAD")
#: What is called, without the format -> method -> what answers it and the name of the answer's root.
CALLS = {
    "discovery": {"GET": ("_answer_discovery", "discovery")},
    "services": {"GET": ("_answer_services", "services")},
    "services/": {"GET": ("_answer_service", "service_definition")},
    "requests": {"GET": ("_answer_requests", "service_requests"), "POST": ("_take_report", "service_requests")},
    "requests/": {"GET": ("_answer_request", "service_requests")},
    "tokens/": {"GET": ("_answer_token", "service_requests")},
}
#: Parameters of several values, which some programs send one by one.
LISTS = ("service_request_id", "service_code", "status")
_KEY_IN_ADDRESS = re.compile(r"(api_key=)[^&\s\"]+")


class KeysOutOfLog(logging.Filter):
    """Takes keys out of the addresses that the server logs."""

    def filter(self, record):
        if isinstance(record.args, tuple):
            record.args = tuple(
                _KEY_IN_ADDRESS.sub(r"\1…", value) if isinstance(value, str) else value for value in record.args
            )
        return True


logging.getLogger("werkzeug").addFilter(KeysOutOfLog())


def get_format(path):
    """Return the format that the end of an address asks for, by default the one that everybody understands."""
    ending = path.rpartition(".")[2]
    return ending if ending in FORMATS else "xml"


class Open311Dispatcher(Dispatcher):
    """Routes of ``type="contact_center_open311"``: a form in, XML or JSON out, errors as well."""

    routing_type = "contact_center_open311"

    @classmethod
    def is_compatible_with(cls, request):
        return True

    def dispatch(self, endpoint, args):
        self.request.params = args
        return self.request.registry["ir.http"]._dispatch(endpoint)

    def handle_error(self, exc):
        if isinstance(exc, HTTPException) and exc.response:
            return exc.response
        path = self.request.httprequest.path
        if isinstance(exc, BadParameter):
            status, message, headers = HTTPStatus.BAD_REQUEST, str(exc), []
        else:
            status, message, headers = explain_error(exc, path)
        if isinstance(exc, UserError) and status not in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):
            # Of what was understood, but can't be, GeoReport says the same as of what wasn't.
            status = HTTPStatus.BAD_REQUEST
        fmt = get_format(path)
        body = render_error(fmt, int(status), message)
        return Response(body, status=int(status), headers=[*headers, *get_headers(fmt)])


def get_headers(fmt):
    """Return the headers of every answer in a format."""
    return [("Content-Type", FORMATS[fmt]), ("X-Content-Type-Options", "nosniff")]


class Open311Controller(http.Controller):
    @http.route(
        [ROOT, f"{ROOT}/<contact_center_rest:path>"],
        type=Open311Dispatcher.routing_type,
        auth="public",
        cors="*",
        csrf=False,
        save_session=False,
        max_content_length=LARGEST_BODY,
        readonly=lambda controller, rule, args: request.httprequest.method != "POST",
    )
    def answer(self, path="discovery.xml"):
        """Answer any call of Open311."""
        if path == "openapi.json":
            with file_open(OPENAPI) as file:
                return request.make_json_response(json.load(file))
        # PostgreSQL keeps no NUL, so nothing is called by one.
        name, _dot, fmt = path.replace("\x00", "").rpartition(".")
        head, slash, subject = name.partition("/")
        methods = CALLS.get(head + slash)
        if not methods or fmt not in FORMATS or bool(slash) != bool(subject):
            raise NotFound("There is no such call. Calls are named like services.xml or requests.json.")
        method = request.httprequest.method
        call = methods.get("GET" if method in READING else method)
        if not call:
            raise MethodNotAllowed(list(methods), f"{name} takes {' and '.join(methods)}.")
        function, root = call
        content = getattr(self, function)(*filter(None, [subject]))
        return Response(render(fmt, root, content), headers=get_headers(fmt))

    # ------------------------------------------------------------
    # Calls
    # ------------------------------------------------------------

    def _answer_discovery(self):
        self._admit("read", needs_city=False)
        url = request.httprequest.host_url.rstrip("/") + ROOT
        return self._get_model()._describe_discovery(url)

    def _answer_services(self):
        city, _key = self._admit("read")
        return self._get_model(city)._describe_services(city)

    def _answer_service(self, code):
        city, _key = self._admit("read")
        return self._get_model(city)._describe_service(city, code)

    def _answer_requests(self):
        city, _key = self._admit("read")
        query = read_query(self._get_params(), city._get_time_zone(), aware(fields.Datetime.now()))
        return self._get_model(city)._find_requests(city, query)

    def _answer_request(self, number):
        city, _key = self._admit("read")
        return self._get_model(city)._read_request(city, number)

    def _answer_token(self, token):
        # Whoever reports is given the number at once, so it is its own token.
        [row] = self._answer_request(token)
        return [{"service_request_id": row["service_request_id"], "token": token}]

    def _take_report(self):
        city, key = self._admit("report")
        model = self._get_model(city)
        number = model._report(city, key, self._get_params(), list(request.httprequest.form.items(multi=True)))
        notice = request.env._("Everybody can read the description of this request.")
        return [{"service_request_id": number, "service_notice": notice, "account_id": None}]

    # ------------------------------------------------------------
    # Who calls about which city
    # ------------------------------------------------------------

    def _admit(self, scope, needs_city=True):
        """Return the city that is asked about and the key by which, if any, after counting the call.

        :param str scope: ``"read"`` or ``"report"``.
        :raises AccessError: when the key is wrong or isn't good for it.
        :raises TooManyRequests: when the caller asks too often.
        """
        params = self._get_params()
        words = read_text(params, "api_key") or request.httprequest.headers.get("X-API-Key", "").strip()
        key = request.env["contact.center.api.key"]._find(words)
        self._count(key, scope)
        if words and not key:
            raise Forbidden("This api_key is wrong or void.")
        if not needs_city:
            return None, key
        city = self._get_model()._find_city(read_text(params, "jurisdiction_id"))
        key._check_scope(city, scope)
        if key:
            key._note_use()
        request.update_context(lang=city.partner_id.lang or "en_US")
        return city, key

    def _count(self, key, scope):
        # Programs have no rights on the counters, hence sudo.
        Limit = request.env["contact.center.rate.limit"].sudo()
        if key:
            wait = Limit._take(f"open311_{scope}", str(key.id), key[f"{scope}_limit"], MINUTE)
        else:
            wait = Limit._take("open311", request.httprequest.remote_addr or "", STRANGER_LIMIT, MINUTE)
        if wait:
            raise TooManyRequests(f"Too many calls: come back in {wait} seconds.", retry_after=wait)

    def _get_params(self):
        """Return what was sent, each name with its first text; lists that were sent piece by piece are joined."""
        texts = {}
        for values in (request.httprequest.args, request.httprequest.form):
            texts.update(values.lists())
        return {name: ",".join(sent) if name in LISTS else sent[0] for name, sent in texts.items()}

    def _get_model(self, city=None):
        """Return the model that answers, in the language of the city."""
        # Strangers have no rights of their own; what may be told is for that model to decide, hence sudo.
        model = request.env["contact.center.open311"].sudo()
        return model.with_context(lang=city.partner_id.lang) if city else model
