{
    "name": "Contact Centre: Executors",
    "summary": "Routing to executor organisations, their portal, petitions, works register and escalation",
    "version": "19.0.1.0.0",
    "category": "Services/Contact Centre",
    "author": "Contact Centre contributors",
    "website": "https://github.com/contact-centre/contact-centre",
    "license": "AGPL-3",
    "depends": [
        "contact_center_base",
    ],
    "data": [
        "security/contact_center_executor_security.xml",
        "security/ir.model.access.csv",
        "security/contact_center_executor_rules.xml",
        "data/mail_message_subtype_data.xml",
        "data/ir_cron_data.xml",
        "views/menus.xml",
        "views/contact_center_escalation_views.xml",
        "views/contact_center_notification_templates.xml",
        "views/res_config_settings_views.xml",
    ],
    "demo": ["demo/contact_center_executor_demo.xml"],
    "assets": {
        "web.assets_tests": ["contact_center_executor/static/tests/tours/**/*"],
        "web.assets_unit_tests": [
            "contact_center_executor/static/tests/**/*",
            ("remove", "contact_center_executor/static/tests/tours/**/*"),
        ],
    },
}
