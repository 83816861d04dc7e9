from odoo import fields, models
from odoo.tools import SQL


class ContactCenterRoutingCoverage(models.Model):
    """Which topics in which districts somebody gets: each topic without sub-nodes with each district and with none.

    It is worked out from the rules and default executors at the moment of reading. What only counts on certain streets,
    at certain times or for another class of requests covers a part.
    """

    _name = "contact.center.routing.coverage"
    _description = "Coverage of Routing"
    _auto = False
    _order = "category_id, district_id"
    _rec_name = "category_id"
    _depends = {
        "contact.center.category": ["parent_path", "active", "request_class", "restricted", "owner_id", "company_id"],
        "contact.center.district": ["active", "company_id"],
        "contact.center.executor": ["active", "partner_id", "company_id"],
        "contact.center.routing.rule": [
            "active",
            "company_id",
            "executor_id",
            "category_ids",
            "district_ids",
            "street_ids",
            "request_class",
            "mon",
            "tue",
            "wed",
            "thu",
            "fri",
            "sat",
            "sun",
            "working_time",
            "hour_from",
            "hour_to",
            "date_from",
            "date_to",
        ],
    }

    company_id = fields.Many2one("res.company", "City", readonly=True)
    category_id = fields.Many2one("contact.center.category", "Topic", readonly=True)
    parent_id = fields.Many2one("contact.center.category", "Parent node", readonly=True)
    district_id = fields.Many2one("contact.center.district", readonly=True, help="Empty: the district isn't known.")
    coverage = fields.Selection(
        [("nobody", "Nobody"), ("part", "Sometimes somebody"), ("full", "Somebody")], "Who gets it", readonly=True
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH rule AS (
                SELECT rule.id,
                       rule.company_id,
                       rule.request_class,
                       rule.hour_from = 0 AND rule.hour_to = 24
                           AND rule.mon AND rule.tue AND rule.wed AND rule.thu AND rule.fri AND rule.sat AND rule.sun
                           AND rule.working_time IS NULL
                           AND rule.date_to IS NULL
                           AND NOT EXISTS (
                               SELECT FROM contact_center_routing_rule_contact_center_street_rel street
                                WHERE street.contact_center_routing_rule_id = rule.id
                           ) AS whole
                  FROM contact_center_routing_rule rule
                  JOIN contact_center_executor executor ON executor.id = rule.executor_id AND executor.active
                 WHERE rule.active
                   AND COALESCE(rule.date_from <= CURRENT_DATE, TRUE)
                   AND COALESCE(rule.date_to >= CURRENT_DATE, TRUE)
            ),
            topic AS (
                SELECT node.id, node.company_id, node.parent_id, node.parent_path, node.request_class,
                       EXISTS (
                           SELECT FROM contact_center_executor executor
                            WHERE executor.partner_id = node.owner_id
                              AND executor.company_id = node.company_id
                              AND executor.active
                       ) AS has_default
                  FROM contact_center_category node
                 WHERE node.active
                   AND NOT COALESCE(node.restricted, FALSE)
                   AND node.request_class != 'consultation'
                   AND NOT EXISTS (
                       SELECT FROM contact_center_category below WHERE below.parent_id = node.id AND below.active
                   )
            ),
            -- Rules by the topics for which they are; those without topics are for all of them.
            topic_rule AS (
                SELECT topic.id AS category_id, rule.id AS rule_id,
                       rule.whole AND COALESCE(rule.request_class = topic.request_class, TRUE) AS whole
                  FROM rule
                  JOIN contact_center_category_contact_center_routing_rule_rel link
                    ON link.contact_center_routing_rule_id = rule.id
                  JOIN contact_center_category node ON node.id = link.contact_center_category_id
                  JOIN topic ON topic.company_id = rule.company_id AND starts_with(topic.parent_path, node.parent_path)
                 UNION ALL
                SELECT topic.id, rule.id, rule.whole AND COALESCE(rule.request_class = topic.request_class, TRUE)
                  FROM rule
                  JOIN topic ON topic.company_id = rule.company_id
                 WHERE NOT EXISTS (
                       SELECT FROM contact_center_category_contact_center_routing_rule_rel link
                        WHERE link.contact_center_routing_rule_id = rule.id
                 )
            ),
            -- What counts in single districts, and, without a district, what counts everywhere.
            covered AS (
                SELECT topic_rule.category_id, place.contact_center_district_id AS district_id,
                       BOOL_OR(topic_rule.whole) AS whole
                  FROM topic_rule
             LEFT JOIN contact_center_district_contact_center_routing_rule_rel place
                    ON place.contact_center_routing_rule_id = topic_rule.rule_id
              GROUP BY topic_rule.category_id, place.contact_center_district_id
            ),
            place AS (
                SELECT district.id, district.company_id FROM contact_center_district district WHERE district.active
                 UNION ALL
                SELECT NULL, company.id FROM res_company company
            )
            SELECT (topic.id::bigint << 24) + COALESCE(place.id, 0) AS id,
                   topic.company_id,
                   topic.id AS category_id,
                   topic.parent_id,
                   place.id AS district_id,
                   CASE
                       WHEN topic.has_default OR COALESCE(everywhere.whole, FALSE) OR COALESCE(here.whole, FALSE)
                       THEN 'full'
                       WHEN everywhere.category_id IS NOT NULL OR here.category_id IS NOT NULL THEN 'part'
                       ELSE 'nobody'
                   END AS coverage
              FROM topic
              JOIN place ON place.company_id = topic.company_id
         LEFT JOIN covered everywhere ON everywhere.category_id = topic.id AND everywhere.district_id IS NULL
         LEFT JOIN covered here ON here.category_id = topic.id AND here.district_id = place.id
            """
        )

    def action_add_rule(self):
        """Open a new rule for the topics and districts of many rows."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New rule"),
            "res_model": "contact.center.routing.rule",
            "view_mode": "form",
            "context": {
                "default_company_id": self.company_id[:1].id,
                "default_category_ids": self.category_id.ids,
                "default_district_ids": self.district_id.ids,
            },
        }
