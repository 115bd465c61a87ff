package io.pptpoperator.operator.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Values for every field that a CRD's schema knows: those that people write, and those that nobody thought of. */
public final class SchemaValues {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final List<String> TEXTS = List.of("", " ", "a", "A-b.c", "*", "0", "-1", "1.5", "true", "null", "~",
            "auto", "Auto", "Off", "10.8.0.7", "10.8.0.0/24", "10.8.0.0/0", "192.168.50.0/24", "10.8.0.2-9", "0.0.0.0",
            "::1", "255.255.255.255", "1d", "30s", "0s", "1h30m", "999999h", "500m", "256Mi", "128MB!", "1e400", "-5",
            ".5Gi", "In", "NotIn", "Exists", "DoesNotExist", "Gt", "Equal", "NoSchedule", "NoExecute",
            "kubernetes.io/hostname", "2030-01-01T00:00:00Z", "2030-01-01T00:00:00+19:00", "2030-01-01T00:00:00+99:99",
            "2030-01-01T00:00:00,5Z", "2030-01-01T00:00:00.0123456789Z", "2030-01-01t00:00:00z", "2030-02-30T00:00:00Z",
            "0000-01-01T00:00:00Z", "9999-12-31T23:59:60Z", "2030-01-01T00:00:00.1-18:00", "2030-01-01", "\t", "a\nb",
            "\u0000", "\u00e9", "\ud83d\ude00", "x".repeat(64), "9".repeat(20), "x".repeat(400));
    private static final List<JsonNode> NUMBERS = List.of(NODES.numberNode(0), NODES.numberNode(1),
            NODES.numberNode(-1), NODES.numberNode(7), NODES.numberNode(40), NODES.numberNode(128),
            NODES.numberNode(1400), NODES.numberNode(1723), NODES.numberNode(65_535),
            NODES.numberNode(Integer.MAX_VALUE), NODES.numberNode(Integer.MAX_VALUE + 1L),
            NODES.numberNode(Integer.MIN_VALUE - 1L), NODES.numberNode(Long.MAX_VALUE),
            NODES.numberNode(new BigInteger("9".repeat(25))), NODES.numberNode(2.0), NODES.numberNode(0.5),
            NODES.numberNode(1e300));

    private SchemaValues() {}

    /** The schema of a kind's spec. */
    public static JsonNode spec(Class<? extends CustomResource<?, ?>> kind) {
        String crd = "/crds/" + CustomResource.getCRDName(kind) + ".yaml";
        try (var yaml = SchemaValues.class.getResourceAsStream(crd)) {
            JsonNode spec = new YAMLMapper().readTree(yaml)
                    .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
            // Former names are refused; StoredResourcesIT is about them.
            spec.path("properties").properties().removeIf(field -> isFormer(field.getValue()));
            spec.at("/properties/limits/properties").properties().removeIf(field -> isFormer(field.getValue()));
            return spec;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isFormer(JsonNode field) {
        return field.path("description").asText().startsWith("Former name");
    }

    /** Every value for every field, each put into a spec of its own that is fine otherwise. */
    public static List<ObjectNode> eachAlone(JsonNode schema, String fine) throws IOException {
        var specs = new ArrayList<ObjectNode>();
        schema.path("properties").properties().forEach(field -> {
            for (JsonNode value : all(field.getValue())) {
                try {
                    specs.add(((ObjectNode) JSON.readTree(fine)).set(field.getKey(), value));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        return specs;
    }

    private static List<JsonNode> all(JsonNode schema) {
        var values = new ArrayList<JsonNode>(List.of(NODES.nullNode()));
        if (schema.has("enum")) {
            schema.get("enum").forEach(values::add);
        }
        if (schema.has("properties")) {
            values.add(NODES.objectNode());
            schema.get("properties")
                    .properties()
                    .forEach(field -> all(field.getValue())
                            .forEach(value -> values.add(NODES.objectNode().set(field.getKey(), value))));
        } else if (schema.has("additionalProperties")) {
            values.add(NODES.objectNode());
            all(schema.get("additionalProperties")).forEach(value -> values.add(NODES.objectNode().set("cpu", value)));
        } else if (schema.has("items")) {
            values.add(NODES.arrayNode());
            all(schema.get("items")).forEach(value -> values.add(NODES.arrayNode().add(value)));
        } else if (schema.path("type").asText().equals("boolean")) {
            values.add(NODES.booleanNode(true));
            values.add(NODES.booleanNode(false));
            values.add(NODES.textNode("yes"));
        } else if (!schema.has("enum")) {
            if (!schema.path("type").asText().equals("integer")) {
                TEXTS.forEach(text -> values.add(NODES.textNode(text)));
            }
            if (!schema.path("type").asText().equals("string")) {
                values.addAll(NUMBERS);
            }
        }
        return values;
    }

    /** A value that a schema may or may not take, with whatever belongs into it. */
    public static JsonNode any(JsonNode schema, Random random) {
        if (schema.has("enum") && random.nextInt(20) > 0) {
            return schema.get("enum").get(random.nextInt(schema.get("enum").size()));
        }
        return switch (schema.path("type").asText()) {
            case "object" -> anyObject(schema, random);
            case "array" -> {
                ArrayNode array = NODES.arrayNode();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    array.add(any(schema.get("items"), random));
                }
                yield array;
            }
            case "boolean" -> NODES.booleanNode(random.nextBoolean());
            case "integer" -> NUMBERS.get(random.nextInt(NUMBERS.size()));
            case "string" -> NODES.textNode(TEXTS.get(random.nextInt(TEXTS.size())));
            default -> random.nextBoolean()
                    ? NUMBERS.get(random.nextInt(NUMBERS.size()))
                    : NODES.textNode(TEXTS.get(random.nextInt(TEXTS.size())));
        };
    }

    private static ObjectNode anyObject(JsonNode schema, Random random) {
        ObjectNode object = NODES.objectNode();
        var required = new ArrayList<String>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        schema.path("properties").properties().forEach(field -> {
            if (required.contains(field.getKey()) || random.nextInt(4) == 0) {
                object.set(field.getKey(), any(field.getValue(), random));
            }
        });
        if (schema.has("additionalProperties")) {
            object.set(random.nextBoolean() ? "memory" : "a/b", any(schema.get("additionalProperties"), random));
        }
        return object;
    }

    /** A spec that is fine, with one to three fields of which anything may be said. */
    public static ObjectNode anyChange(JsonNode schema, String fine, Random random) throws IOException {
        var spec = (ObjectNode) JSON.readTree(fine);
        var fields = new ArrayList<String>();
        schema.path("properties").fieldNames().forEachRemaining(fields::add);
        for (int i = random.nextInt(3); i >= 0; i--) {
            String field = fields.get(random.nextInt(fields.size()));
            spec.set(field, any(schema.path("properties").path(field), random));
        }
        return spec;
    }
}
