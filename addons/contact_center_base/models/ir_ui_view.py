from odoo import fields, models

# Attributes of <leaflet_map> that name a field of the model.
MAP_FIELD_ATTRIBUTES = ("latitude", "longitude", "title", "colour")
MAP_ATTRIBUTES = {*MAP_FIELD_ATTRIBUTES, "string", "class", "js_class", "limit", "__validate__"}
MAP_MARKER_ATTRIBUTES = {"value", "class"}


class IrUiView(models.Model):
    """A view type that puts records on a map by their coordinates::

        <leaflet_map latitude="latitude" longitude="longitude" title="display_name" colour="state" limit="5000">
            <marker value="new" class="text-bg-info fa fa-inbox"/>
            <field name="deadline"/>
        </leaflet_map>

    ``colour`` names a selection field; each ``<marker>`` gives one of its values classes for colour and sign. Fields
    inside are shown in the popup of a record.
    """

    _inherit = "ir.ui.view"

    type = fields.Selection(selection_add=[("leaflet_map", "Map")])

    def _get_view_info(self):
        return {"leaflet_map": {"icon": "fa fa-map-marker"}} | super()._get_view_info()

    def _postprocess_tag_leaflet_map(self, node, name_manager, node_info):
        for attribute in MAP_FIELD_ATTRIBUTES:
            if name := node.get(attribute):
                name_manager.has_field(node, name, node_info)

    def _validate_tag_leaflet_map(self, node, name_manager, node_info):
        if not node_info["validate"]:
            return
        for name in ("latitude", "longitude"):
            if not node.get(name):
                self._raise_view_error(self.env._("A map needs the attribute “%s”, the name of a field.", name), node)
        for name in filter(None, map(node.get, MAP_FIELD_ATTRIBUTES)):
            if name not in name_manager.model._fields:
                self._raise_view_error(
                    self.env._(
                        "The model %(model)s has no field “%(name)s”.", model=name_manager.model._name, name=name
                    ),
                    node,
                )
        unknown = set(node.attrib) - MAP_ATTRIBUTES
        if unknown:
            self._raise_view_error(
                self.env._(
                    "Unknown attributes of a map: %(unknown)s. It has: %(known)s.",
                    unknown=", ".join(sorted(unknown)),
                    known=", ".join(sorted(MAP_ATTRIBUTES - {"__validate__"})),
                ),
                node,
            )
        for child in node.iterchildren("*"):
            if child.tag not in ("marker", "field"):
                self._raise_view_error(self.env._("A map holds only “marker” and “field”, not “%s”.", child.tag), child)

    def _validate_tag_marker(self, node, name_manager, node_info):
        if not node_info["validate"]:
            return
        if set(node.attrib) != MAP_MARKER_ATTRIBUTES:
            self._raise_view_error(self.env._("A marker of a map has a “value” and a “class”, nothing else."), node)
