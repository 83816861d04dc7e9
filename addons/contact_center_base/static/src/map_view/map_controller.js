import { Component, useRef } from "@odoo/owl";
import { useModel } from "@web/model/model";
import { useBus } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { CogMenu } from "@web/search/cog_menu/cog_menu";
import { Layout } from "@web/search/layout";
import { SearchBar } from "@web/search/search_bar/search_bar";
import { useSearchBarToggler } from "@web/search/search_bar/search_bar_toggler";
import { ActionHelper } from "@web/views/action_helper";
import { standardViewProps } from "@web/views/standard_view_props";

export class MapController extends Component {
    static template = "contact_center_base.MapView";
    static components = { ActionHelper, CogMenu, Layout, SearchBar };
    static props = {
        ...standardViewProps,
        archInfo: Object,
        Model: Function,
        Renderer: Function,
    };

    setup() {
        const { resModel, fields, archInfo, state } = this.props;
        this.model = useModel(this.props.Model, { resModel, fields, archInfo });
        useBus(this.model.bus, "update", () => this.render(true));
        this.position = state?.position;
        useSetupAction({
            rootRef: useRef("root"),
            getLocalState: () => ({ position: this.position }),
        });
        this.searchBarToggler = useSearchBarToggler();
    }

    onMoved(position) {
        this.position = position;
    }

    openRecord(resId) {
        this.props.selectRecord(resId, { activeIds: this.model.records.map(({ id }) => id) });
    }
}
