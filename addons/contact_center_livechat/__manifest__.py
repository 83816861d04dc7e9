{
    "name": "Contact Centre: Live Chat",
    "summary": "Consultations and requests from live chats, with their transcript",
    "version": "19.0.1.0.0",
    "category": "Services/Contact Centre",
    "author": "Contact Centre contributors",
    "website": "https://github.com/contact-centre/contact-centre",
    "license": "AGPL-3",
    "depends": [
        "contact_center_base",
        "im_livechat",
    ],
    "data": [
        "security/ir.model.access.csv",
        "security/contact_center_livechat_rules.xml",
        "wizard/contact_center_chat_request_views.xml",
        "views/contact_center_request_views.xml",
        "views/discuss_channel_views.xml",
        "views/res_config_settings_views.xml",
        "views/city_templates.xml",
    ],
    "assets": {
        "web.assets_backend": ["contact_center_livechat/static/src/core/**/*"],
    },
    "auto_install": True,
}
