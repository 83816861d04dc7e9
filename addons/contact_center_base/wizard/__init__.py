from . import contact_center_ask
from . import contact_center_blocked_number_step
from . import contact_center_call_refuse
from . import contact_center_extend
from . import contact_center_link
from . import contact_center_transition
