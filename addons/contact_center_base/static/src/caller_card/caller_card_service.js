import { reactive } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { CallerCards } from "./caller_card";

/**
 * Shows who calls as soon as the telephone rings. The bus tells only which call it is; the card itself is asked for
 * with the rights of the operator, so no personal data waits in the messages of the bus.
 */
export const callerCardService = {
    dependencies: ["action", "bus_service", "orm"],

    start(env, { action, bus_service, orm }) {
        /** Cards on the screen by the id of their call. */
        const cards = reactive({});
        /** Calls that were over before their card had come. */
        const over = new Set();

        async function show({ call_id }) {
            over.delete(call_id);
            const card = await orm.silent.call("contact.center.call", "get_card", [call_id]);
            if (!over.delete(call_id)) {
                cards[call_id] = card;
            }
        }

        function close(callId) {
            over.add(callId);
            delete cards[callId];
        }

        function openDesk(card) {
            close(card.call_id);
            return action.doAction("contact_center_base.operator_desk_action", {
                additionalContext: { call_id: card.call_id, phone: card.number || "" },
            });
        }

        function openRequest(request) {
            return action.doAction({
                type: "ir.actions.act_window",
                res_model: "contact.center.request",
                res_id: request.id,
                views: [[false, "form"]],
            });
        }

        registry
            .category("main_components")
            .add("contact_center_caller_cards", {
                Component: CallerCards,
                props: { cards, close, openDesk, openRequest },
            });
        bus_service.subscribe("contact_center.call_ringing", show);
        bus_service.subscribe("contact_center.call_over", ({ call_id }) => close(call_id));
        bus_service.start();
        return { cards };
    },
};

registry.category("services").add("contact_center_caller_card", callerCardService);
