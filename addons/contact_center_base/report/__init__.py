from . import contact_center_request_report
