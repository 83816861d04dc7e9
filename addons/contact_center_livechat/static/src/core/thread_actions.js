import { registerThreadAction } from "@mail/core/common/thread_actions";

import { _t } from "@web/core/l10n/translation";

registerThreadAction("contact-center-request", {
    condition: ({ owner, store, thread }) =>
        thread?.channel_type === "livechat" &&
        store.has_access_contact_center &&
        !owner.isDiscussSidebarChannelActions,
    icon: "fa fa-fw fa-ticket",
    name: _t("Make a request"),
    open: ({ owner, thread }) =>
        owner.env.services.action.doAction(
            "contact_center_livechat.contact_center_chat_request_action",
            { additionalContext: { default_chat_id: thread.id } }
        ),
    sequence: 10,
    sequenceGroup: 25,
});
