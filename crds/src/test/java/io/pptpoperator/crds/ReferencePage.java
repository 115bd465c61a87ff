package io.pptpoperator.crds;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** The page that lists every field of the resources, from their schemas. */
final class ReferencePage {

    /** Kubernetes' own types, which its own pages describe. */
    private static final Map<String, String> ELSEWHERE = Map.of("spec.pod.affinity",
            "https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/#affinity-v1-core",
            "spec.pod.tolerations",
            "https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/#toleration-v1-core",
            "spec.users.selector",
            "https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/#labelselector-v1-meta");

    private final StringBuilder page = new StringBuilder();

    private ReferencePage() {}

    /** The page in Markdown, for CRDs in their order. */
    static String of(List<JsonNode> crds) {
        var reference = new ReferencePage();
        reference.page
                .append("""
                        # Reference

                        Every field of the resources of group `pptp-operator.io`, version `v1alpha1`. Generated from [the CRDs](../crds); \
                        after a change of the model run `mvn -pl crds test -Dtest='CommittedCrdsTest,ReferenceTest' -Dcrds.write`. \
                        `kubectl explain pptpserver.spec` shows the same in a terminal.
                        """);
        crds.forEach(reference::kind);
        return reference.page.toString();
    }

    private void kind(JsonNode crd) {
        JsonNode names = crd.at("/spec/names");
        JsonNode version = crd.at("/spec/versions/0");
        JsonNode schema = version.at("/schema/openAPIV3Schema");
        page.append("\n## ")
                .append(names.path("kind").asText())
                .append("\n\n")
                .append(schema.path("description").asText())
                .append("\n\nShort name `")
                .append(names.path("shortNames").path(0).asText())
                .append("`; `kubectl get vpn` lists all kinds. Columns of `kubectl get`: ")
                .append(columns(version))
                .append(".\n");
        for (String part : List.of("spec", "status")) {
            JsonNode fields = schema.path("properties").path(part);
            page.append("\n### ").append(names.path("kind").asText()).append(' ').append(part).append("\n\n");
            rules(fields);
            page.append(part.equals("spec")
                    ? "| field | type | default | |\n|---|---|---|---|\n"
                    : "| field | type | |\n|---|---|---|\n");
            fields(fields, part, part);
        }
    }

    private static String columns(JsonNode version) {
        var columns = new StringJoiner(", ");
        version.path("additionalPrinterColumns")
                .forEach(column -> columns.add(column.path("name").asText()
                        + (column.path("priority").asInt() == 0 ? "" : " (with `-o wide`)")));
        return columns.toString();
    }

    /** Rules that concern several fields; those of one field stand with it. */
    private void rules(JsonNode schema) {
        List<String> messages = messages(schema);
        if (!messages.isEmpty()) {
            page.append("Rules over several fields:\n\n");
            messages.forEach(message -> page.append("- ").append(message).append('\n'));
            page.append('\n');
        }
    }

    /** A rule whose message is put together from the value says it by its description instead. */
    private static List<String> messages(JsonNode schema) {
        var messages = new ArrayList<String>();
        schema.path("x-kubernetes-validations").forEach(rule -> {
            if (rule.hasNonNull("message") && !rule.path("optionalOldSelf").asBoolean()
                    && !rule.path("reason").asText().equals("FieldValueRequired")) {
                messages.add(rule.get("message").asText());
            }
        });
        return messages;
    }

    private void fields(JsonNode schema, String path, String part) {
        var required = new ArrayList<String>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        schema.path("x-kubernetes-validations").forEach(rule -> {
            if (rule.path("reason").asText().equals("FieldValueRequired")) {
                required.add(rule.path("fieldPath").asText().substring(1));
            }
        });
        schema.path("properties").properties().forEach(property -> {
            String child = path + "." + property.getKey();
            JsonNode field = property.getValue();
            if (field.path("description").asText().startsWith(FormerNames.DESCRIPTION)) {
                return;
            }
            row(child, field, required.contains(property.getKey()), part);
            if (!ELSEWHERE.containsKey(child)) {
                fields(field.has("items") ? field.get("items") : field, field.has("items") ? child + "[]" : child,
                        part);
            }
        });
    }

    private void row(String path, JsonNode field, boolean required, String part) {
        var text = new StringJoiner(" ");
        text.add(field.path("description").asText());
        if (ELSEWHERE.containsKey(path)) {
            text.add("[Kubernetes describes its fields](" + ELSEWHERE.get(path) + ").");
        }
        String bounds = bounds(field);
        if (!bounds.isEmpty() && part.equals("spec")) {
            text.add("(" + bounds + ")");
        }
        page.append("| `").append(path.substring(part.length() + 1)).append("` | ").append(type(field)).append(" | ");
        if (part.equals("spec")) {
            page.append(required ? "**required**" : defaultOf(field)).append(" | ");
        }
        page.append(text.toString().replace("|", "\\|")).append(" |\n");
    }

    private static String type(JsonNode field) {
        if (field.path("x-kubernetes-int-or-string").asBoolean()) {
            return "number or text";
        }
        return switch (field.path("type").asText()) {
            case "array" -> "list of " + type(field.path("items"));
            case "object" -> field.has("additionalProperties") ? "map" : "object";
            case "string" -> field.path("format").asText().equals("date-time") ? "time" : "text";
            case "integer" -> "number";
            case "boolean" -> "true or false";
            default -> field.path("type").asText();
        };
    }

    private static String defaultOf(JsonNode field) {
        JsonNode value = field.path("default");
        // An empty object's fields have defaults of their own.
        return value.isMissingNode() || value.isObject()
                ? ""
                : "`" + (value.isTextual() ? value.asText() : value) + "`";
    }

    private static String bounds(JsonNode field) {
        var bounds = new StringJoiner("; ");
        JsonNode of = field.has("items") ? field.get("items") : field;
        if (of.has("enum")) {
            var words = new StringJoiner(", ");
            of.get("enum").forEach(word -> words.add("`" + word.asText() + "`"));
            bounds.add(words.toString());
        }
        if (field.has("minimum") || field.has("maximum")) {
            bounds.add(field.path("minimum").asText("") + " to " + field.path("maximum").asText("any"));
        }
        if (field.has("maxItems")) {
            int least = field.path("minItems").asInt(0);
            bounds.add((least > 0 ? least + " to " : "at most ") + field.get("maxItems").asText() + " items");
        }
        messages(field).forEach(bounds::add);
        return bounds.toString();
    }
}
