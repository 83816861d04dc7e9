{
    "name": "Contact Centre",
    "summary": "Requests, classifier, deadlines, calls and knowledge of a city's contact centre",
    "version": "19.0.1.0.0",
    "category": "Services/Contact Centre",
    "author": "Contact Centre contributors",
    "website": "https://github.com/contact-centre/contact-centre",
    "license": "AGPL-3",
    "depends": [
        "mail",
        "phone_validation",
        "portal",
        "resource",
        "web_leaflet_lib",
    ],
    "external_dependencies": {
        "python": ["holidays", "phonenumbers", "rapidfuzz", "snowballstemmer", "xlsxwriter", "openpyxl"],
    },
    "data": [
        "security/contact_center_security.xml",
        "security/ir.model.access.csv",
        "security/contact_center_rules.xml",
        "data/contact_center_stage_data.xml",
        "data/ir_cron_data.xml",
    ],
    "demo": [],
    "assets": {},
    "application": True,
}
