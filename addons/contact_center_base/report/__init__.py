from . import contact_center_call_report
from . import contact_center_control_card
from . import contact_center_request_report
