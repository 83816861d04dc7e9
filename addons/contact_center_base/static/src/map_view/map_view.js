import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { MapArchParser } from "./map_arch_parser";
import { MapController } from "./map_controller";
import { MapModel } from "./map_model";
import { MapRenderer } from "./map_renderer";

export const mapView = {
    type: "leaflet_map",
    display_name: _t("Map"),
    ArchParser: MapArchParser,
    Controller: MapController,
    Model: MapModel,
    Renderer: MapRenderer,
    searchMenuTypes: ["filter", "favorite"],

    props: (genericProps, view) => ({
        ...genericProps,
        archInfo: new view.ArchParser().parse(genericProps.arch, genericProps.fields),
        Model: view.Model,
        Renderer: view.Renderer,
    }),
};

registry.category("views").add("leaflet_map", mapView);
