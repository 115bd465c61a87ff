package io.pptpoperator.crds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The schema of a committed CRD, applied where no API server does it: fills in defaults, and finds what the schema
 * refuses. The CEL rules are not among it; the operator checks the same again by itself.
 */
public final class CrdSchema {

    private static final Map<Class<?>, CrdSchema> SCHEMAS = new ConcurrentHashMap<>();

    private final JsonNode root;
    private final FormerNames formerNames;

    private CrdSchema(JsonNode root, FormerNames formerNames) {
        this.root = root;
        this.formerNames = formerNames;
    }

    /** The schema of a kind, from the CRD on the classpath. */
    public static CrdSchema of(Class<? extends CustomResource<?, ?>> kind) {
        return SCHEMAS.computeIfAbsent(kind, it -> read(kind));
    }

    private static CrdSchema read(Class<? extends CustomResource<?, ?>> kind) {
        String file = "/crds/" + CustomResource.getCRDName(kind) + ".yaml";
        try (InputStream crd = CrdSchema.class.getResourceAsStream(file)) {
            return new CrdSchema(new YAMLMapper().readTree(crd).at("/spec/versions/0/schema/openAPIV3Schema"),
                    FormerNames.of(kind));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    /** What the API server fills in for a field that is not there; missing when it fills in nothing. */
    JsonNode defaultOf(String path) {
        JsonNode schema = root;
        for (String step : path.split("\\.", -1)) {
            schema = schema.path("properties").path(step);
        }
        return schema.path("default");
    }

    /** Sets what the resource leaves out and the schema has a default for, in the resource itself. */
    public void fillDefaults(ObjectNode resource) {
        fill(resource, root);
    }

    private static void fill(JsonNode value, JsonNode schema) {
        if (value instanceof ObjectNode object) {
            schema.path("properties").properties().forEach(property -> {
                String name = property.getKey();
                JsonNode ofProperty = property.getValue();
                if (!object.hasNonNull(name) && ofProperty.has("default")) {
                    object.set(name, ofProperty.get("default").deepCopy());
                }
                fill(object.path(name), ofProperty);
            });
        } else if (value instanceof ArrayNode array) {
            array.forEach(item -> fill(item, schema.path("items")));
        }
    }

    /** What the schema refuses, each as field and sentence; nothing when the resource is fine. */
    public List<String> problems(JsonNode resource) {
        var problems = new ArrayList<String>();
        for (JsonNode name : root.path("required")) {
            if (!resource.hasNonNull(name.asText())) {
                problems.add(name.asText() + ": is missing");
            }
        }
        JsonNode present = resource.deepCopy();
        if (present.path("spec") instanceof ObjectNode spec) {
            formerNames.takeOut(spec)
                    .forEach(it -> problems.add("spec." + it.former() + ": is called " + it.present() + " now"));
        }
        root.path("properties").properties().forEach(property -> {
            if (present.hasNonNull(property.getKey())) {
                check(present.get(property.getKey()), property.getValue(), property.getKey(), problems);
            }
        });
        return problems;
    }

    private static void check(JsonNode value, JsonNode schema, String path, List<String> problems) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            require(value.isInt() || value.isTextual(), path, "must be a number or a text", problems);
            return;
        }
        switch (schema.path("type").asText()) {
            case "object" -> checkObject(value, schema, path, problems);
            case "array" -> checkArray(value, schema, path, problems);
            case "string" -> checkText(value, schema, path, problems);
            case "integer" -> checkNumber(value, schema, path, problems);
            case "boolean" -> require(value.isBoolean(), path, "must be true or false", problems);
            default -> {
                // Anything goes.
            }
        }
    }

    private static void checkObject(JsonNode value, JsonNode schema, String path, List<String> problems) {
        if (!value.isObject()) {
            problems.add(path + ": must be a mapping");
            return;
        }
        for (JsonNode name : schema.path("required")) {
            require(value.hasNonNull(name.asText()), path + "." + name.asText(), "is missing", problems);
        }
        for (JsonNode rule : schema.path("x-kubernetes-validations")) {
            if (rule.path("reason").asText().equals("FieldValueRequired")) {
                String name = rule.path("fieldPath").asText().substring(1);
                require(value.hasNonNull(name), path + "." + name, "is missing", problems);
            }
        }
        value.properties().forEach(property -> {
            String child = path + "." + property.getKey();
            JsonNode ofChild = schema.has("additionalProperties")
                    ? schema.get("additionalProperties")
                    : schema.path("properties").path(property.getKey());
            if (ofChild.isMissingNode()) {
                problems.add(child + ": is not a known field");
            } else if (!property.getValue().isNull()) {
                check(property.getValue(), ofChild, child, problems);
            }
        });
    }

    private static void checkArray(JsonNode value, JsonNode schema, String path, List<String> problems) {
        if (!value.isArray()) {
            problems.add(path + ": must be a list");
            return;
        }
        int min = schema.path("minItems").asInt(0);
        int max = schema.path("maxItems").asInt(Integer.MAX_VALUE);
        require(value.size() >= min, path, "must have " + min + " items or more", problems);
        require(value.size() <= max, path, "must have " + max + " items at most", problems);
        for (int i = 0; i < value.size(); i++) {
            check(value.get(i), schema.path("items"), path + "[" + i + "]", problems);
        }
    }

    private static void checkText(JsonNode value, JsonNode schema, String path, List<String> problems) {
        if (!value.isTextual()) {
            problems.add(path + ": must be a text; put it into quotes");
            return;
        }
        String text = value.textValue();
        require(text.length() >= schema.path("minLength").asInt(0), path, "is too short", problems);
        require(text.length() <= schema.path("maxLength").asInt(Integer.MAX_VALUE), path, "is too long", problems);
        if (schema.path("format").asText().equals("date-time")) {
            require(isTime(text), path, "'" + text + "' is not a time such as 2030-01-01T00:00:00Z", problems);
        } else if (schema.has("pattern")) {
            String pattern = schema.get("pattern").textValue();
            require(Pattern.compile(pattern).matcher(text).find(), path, "'" + text + "' does not match " + pattern,
                    problems);
        }
        if (schema.has("enum")) {
            var allowed = new ArrayList<String>();
            schema.get("enum").forEach(item -> allowed.add(item.textValue()));
            require(allowed.contains(text), path, "'" + text + "' is not one of " + allowed, problems);
        }
    }

    private static boolean isTime(String text) {
        try {
            OffsetDateTime.parse(text);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static void checkNumber(JsonNode value, JsonNode schema, String path, List<String> problems) {
        if (!value.isIntegralNumber()) {
            problems.add(path + ": must be a whole number");
            return;
        }
        long min = schema.path("minimum").asLong(Long.MIN_VALUE);
        long max = schema.path("maximum").asLong(Long.MAX_VALUE);
        require(value.longValue() >= min, path, "must be " + min + " or more", problems);
        require(value.longValue() <= max, path, "must be " + max + " at most", problems);
    }

    private static void require(boolean given, String path, String otherwise, List<String> problems) {
        if (!given) {
            problems.add(path + ": " + otherwise);
        }
    }
}
