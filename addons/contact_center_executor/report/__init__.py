from . import contact_center_responsible
from . import contact_center_routing_coverage
