/** The colour and sign of every state of a request, by Bootstrap class and Font Awesome icon. */
export const REQUEST_STATES = {
    new: { className: "text-bg-info", icon: "fa-inbox" },
    in_progress: { className: "text-bg-primary", icon: "fa-wrench" },
    waiting: { className: "text-bg-warning", icon: "fa-question" },
    proposed: { className: "text-bg-success bg-opacity-50", icon: "fa-flag-checkered" },
    rework: { className: "text-bg-danger", icon: "fa-undo" },
    planned: { className: "text-bg-secondary", icon: "fa-calendar" },
    done: { className: "text-bg-success", icon: "fa-check" },
    closed: { className: "text-bg-dark", icon: "fa-times" },
};
