package io.pptpoperator.crds;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads a resource as far as this release can. A field directly under {@code spec} that cannot be read, in whatever
 * part, is left out as a whole and noted, and the schema's defaults take its place; a status that cannot be read is
 * none, since it is written anew anyway.
 *
 * @param <S> the spec
 * @param <T> the status
 * @param <R> the resource
 */
abstract class TolerantDeserializer<S, T, R extends TolerantResource<S, T>> extends JsonDeserializer<R> {

    /** Longer values make no message clearer. */
    private static final int MAX_QUOTED = 80;

    private final Class<R> kind;
    private final Supplier<R> fresh;
    private final Class<S> specType;
    private final Class<T> statusType;
    private final boolean isSpecRequired;

    TolerantDeserializer(Class<R> kind, Supplier<R> fresh, Class<S> specType, Class<T> statusType,
            boolean isSpecRequired) {
        this.isSpecRequired = isSpecRequired;
        this.kind = kind;
        this.fresh = fresh;
        this.specType = specType;
        this.statusType = statusType;
    }

    @Override
    public R deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        JsonNode tree = context.readTree(parser);
        R resource = fresh.get();
        resource.setMetadata(tree.hasNonNull("metadata")
                ? context.readTreeAsValue(tree.get("metadata"), ObjectMeta.class)
                : new ObjectMeta());
        resource.setStatus(status(tree, context));
        JsonNode spec = tree.path("spec");
        if (spec instanceof ObjectNode object) {
            resource.note(FormerNames.of(kind).translate(object, CrdSchema.of(kind)));
            readSpec(resource, object, new ArrayList<>(), context);
        } else if (isSpecRequired || !spec.isMissingNode() && !spec.isNull()) {
            var whole = new UnreadableField("spec", spec.isMissingNode() ? "is missing" : "is not a mapping");
            readSpec(resource, without("", context.getNodeFactory().objectNode()), new ArrayList<>(List.of(whole)),
                    context);
        }
        return resource;
    }

    private T status(JsonNode tree, DeserializationContext context) {
        try {
            return tree.hasNonNull("status") ? context.readTreeAsValue(tree.get("status"), statusType) : null;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private void readSpec(R resource, ObjectNode spec, List<UnreadableField> leftOut, DeserializationContext context)
            throws IOException {
        ObjectNode rest = spec;
        while (true) {
            try {
                resource.setSpec(context.readTreeAsValue(rest, specType));
                resource.leaveOut(leftOut);
                return;
            } catch (JsonMappingException e) {
                UnreadableField field = unreadable(e, rest);
                if (!rest.has(field.top())) {
                    // Not the value of one field: without all of them nothing is left to fail.
                    field = new UnreadableField("spec", field.message());
                    if (leftOut.contains(field)) {
                        throw e;
                    }
                }
                leftOut.add(field);
                rest = without(field.top(), rest);
            }
        }
    }

    /** What is left when a field, or everything, is left out. Without anything every spec can be read. */
    private ObjectNode without(String field, ObjectNode spec) {
        ObjectNode rest = field.isEmpty() ? spec.objectNode() : spec.deepCopy();
        rest.remove(field);
        ObjectNode resource = rest.objectNode();
        resource.set("spec", rest);
        CrdSchema.of(kind).fillDefaults(resource);
        return rest;
    }

    private static UnreadableField unreadable(JsonMappingException problem, JsonNode spec) {
        var path = new StringBuilder("spec");
        JsonNode value = spec;
        for (JsonMappingException.Reference step : problem.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
                value = value.path(step.getIndex());
            } else {
                path.append('.').append(step.getFieldName());
                value = value.path(step.getFieldName());
            }
        }
        String text = value.isValueNode() ? value.asText() : value.toString();
        String quoted = text.length() > MAX_QUOTED ? text.substring(0, MAX_QUOTED) + "…" : text;
        return new UnreadableField(path.toString(), "'" + quoted + "' is not " + expected(targetType(problem)));
    }

    private static Class<?> targetType(JsonProcessingException problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            Optional<Class<?>> type = Optional.ofNullable(switch (cause) {
                case MismatchedInputException e -> e.getTargetType();
                case InputCoercionException e -> e.getTargetType();
                default -> null;
            });
            if (type.isPresent()) {
                return type.get();
            }
        }
        return Object.class;
    }

    private static String expected(Class<?> type) {
        if (type == Instant.class) {
            return "a time such as 2030-01-01T00:00:00Z";
        }
        if (type.isEnum()) {
            return "one of " + Arrays.toString(type.getEnumConstants());
        }
        if (type == Integer.class || type == int.class) {
            return "a whole number from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE;
        }
        if (type == Long.class || type == long.class) {
            return "a whole number from " + Long.MIN_VALUE + " to " + Long.MAX_VALUE;
        }
        if (type == Boolean.class) {
            return "true or false";
        }
        if (type == String.class) {
            return "a text";
        }
        if (type == Quantity.class) {
            return "a quantity such as 500m or 256Mi";
        }
        if (type == IntOrString.class) {
            return "a number or a text";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        return Map.class.isAssignableFrom(type) ? "a mapping" : "anything that this release of pptp-operator can read";
    }
}
