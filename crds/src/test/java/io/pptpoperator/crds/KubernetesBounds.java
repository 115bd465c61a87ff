package io.pptpoperator.crds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRuleBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What Kubernetes requires of its own types, whose Java model carries none of it: the API server refuses in a
 * PptpServer what it would refuse in the pods, and tells the one who wrote it.
 */
final class KubernetesBounds {

    /** More items than that are no list that somebody wrote. */
    private static final long MAX_ITEMS = 64;
    /** A prefix of 253 characters, a slash and a name of 63. */
    private static final long MAX_KEY = 317;
    private static final long MAX_VALUE = 63;

    private static final Set<String> REQUIREMENT = Set.of("key", "operator", "values");
    private static final Set<String> TOLERATION = Set.of("key", "operator", "value", "effect", "tolerationSeconds");

    private KubernetesBounds() {}

    /**
     * Adds to a field of one of Kubernetes' types what goes without saying there.
     *
     * @param name the field's
     */
    static void add(String name, JSONSchemaProps schema) {
        Map<String, JSONSchemaProps> fields = schema.getProperties();
        switch (name) {
            case "selector", "labelSelector", "namespaceSelector" -> {
                if (schema.getType().equals("object")) {
                    requirements(fields.get("matchExpressions"), "In", "NotIn", "Exists", "DoesNotExist");
                }
            }
            case "preference" -> nodeTerm(schema);
            case "nodeSelectorTerms" -> nodeTerm(bounded(schema));
            case "nodeAffinity" -> {
                require(fields.get("requiredDuringSchedulingIgnoredDuringExecution"), "nodeSelectorTerms");
                weighted(fields, "preference");
            }
            case "podAffinity", "podAntiAffinity" -> {
                term(bounded(fields.get("requiredDuringSchedulingIgnoredDuringExecution")));
                term(weighted(fields, "podAffinityTerm").getProperties().get("podAffinityTerm"));
            }
            case "tolerations" -> toleration(bounded(schema));
            case "requests", "limits" -> {
                if (schema.getAdditionalProperties() != null) {
                    quantity(schema.getAdditionalProperties().getSchema());
                }
            }
            default -> {
                // Ours, with annotations of its own.
            }
        }
    }

    private static void nodeTerm(JSONSchemaProps term) {
        String[] operators = {"In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"};
        requirements(term.getProperties().get("matchExpressions"), operators);
        requirements(term.getProperties().get("matchFields"), operators);
    }

    private static JSONSchemaProps weighted(Map<String, JSONSchemaProps> affinity, String what) {
        JSONSchemaProps preference = bounded(affinity.get("preferredDuringSchedulingIgnoredDuringExecution"));
        require(preference, "weight", what);
        JSONSchemaProps weight = preference.getProperties().get("weight");
        weight.setMinimum(1.0);
        weight.setMaximum(100.0);
        weight.setFormat("int32");
        return preference;
    }

    private static void term(JSONSchemaProps term) {
        require(term, "topologyKey");
        JSONSchemaProps key = term.getProperties().get("topologyKey");
        key.setMinLength(1L);
        key.setMaxLength(MAX_KEY);
    }

    private static void requirements(JSONSchemaProps list, String... operators) {
        JSONSchemaProps requirement = bounded(list);
        mustHave(requirement, REQUIREMENT);
        require(requirement, "key", "operator");
        key(requirement.getProperties().get("key"));
        requirement.getProperties().get("operator").setEnum(texts(operators));
        JSONSchemaProps values = requirement.getProperties().get("values");
        bounded(values).setMaxLength(MAX_VALUE);
        var rules = new ArrayList<ValidationRule>(List.of(
                rule("!(self.operator in ['In', 'NotIn']) || has(self.values) && self.values.size() > 0",
                        "values must name one or more for the operators In and NotIn"),
                rule("!(self.operator in ['Exists', 'DoesNotExist']) || !has(self.values) || self.values.size() == 0",
                        "values must not be there for the operators Exists and DoesNotExist")));
        if (List.of(operators).contains("Gt")) {
            rules.add(rule(
                    "!(self.operator in ['Gt', 'Lt']) || has(self.values) && self.values.size() == 1"
                            + " && self.values[0].matches('^-?[0-9]{1,18}$')",
                    "values must be one whole number for the operators Gt and Lt"));
        }
        requirement.setXKubernetesValidations(rules);
    }

    private static void toleration(JSONSchemaProps toleration) {
        mustHave(toleration, TOLERATION);
        Map<String, JSONSchemaProps> fields = toleration.getProperties();
        fields.get("operator").setEnum(texts("Equal", "Exists"));
        fields.get("effect").setEnum(texts("NoSchedule", "PreferNoSchedule", "NoExecute"));
        key(fields.get("key"));
        fields.get("value").setMaxLength(MAX_VALUE);
        fields.get("tolerationSeconds").setFormat("int64");
        toleration.setXKubernetesValidations(List.of(
                rule("has(self.key) || has(self.operator) && self.operator == 'Exists'",
                        "operator must be Exists where no key is named: that tolerates every taint"),
                rule("!has(self.operator) || self.operator != 'Exists' || !has(self.value) || self.value == ''",
                        "value must not be there for the operator Exists"),
                rule("!has(self.tolerationSeconds) || has(self.effect) && self.effect == 'NoExecute'",
                        "tolerationSeconds needs the effect NoExecute")));
    }

    private static void quantity(JSONSchemaProps quantity) {
        quantity.setMaxLength(MAX_VALUE);
        quantity.setXKubernetesValidations(List.of(new ValidationRuleBuilder()
                .withRule(
                        "type(self) == int ? self >= 0 : isQuantity(self) && !quantity(self).isLessThan(quantity('0'))")
                .withMessageExpression(
                        "string(self) + ' is not a quantity such as 2, 500m (of a CPU) or 256Mi (of memory)'")
                .build()));
    }

    private static void key(JSONSchemaProps key) {
        key.setMinLength(1L);
        key.setMaxLength(MAX_KEY);
    }

    /** A list with a bound; its items. */
    private static JSONSchemaProps bounded(JSONSchemaProps list) {
        if (list.getMaxItems() == null) {
            list.setMaxItems(MAX_ITEMS);
        }
        return list.getItems().getSchema();
    }

    private static void require(JSONSchemaProps schema, String... fields) {
        mustHave(schema, Set.of(fields));
        schema.setRequired(Arrays.asList(fields));
    }

    private static void mustHave(JSONSchemaProps schema, Set<String> fields) {
        if (!schema.getProperties().keySet().containsAll(fields)) {
            throw new IllegalStateException(schema.getProperties().keySet() + " lacks some of " + fields);
        }
    }

    private static List<JsonNode> texts(String... texts) {
        return Arrays.stream(texts).<JsonNode>map(TextNode::new).toList();
    }

    private static ValidationRule rule(String rule, String message) {
        return new ValidationRuleBuilder().withRule(rule).withMessage(message).build();
    }
}
