package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRuleBuilder;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the model says and fabric8's generator does not look at: rules for items, lists that are sets, sizes of numbers. */
final class ModelDetails {

    private ModelDetails() {}

    /** Adds to a record's schema, and to those of the records in it, what the record says. */
    static void add(Class<?> model, JSONSchemaProps schema) {
        for (RecordComponent component : model.getRecordComponents()) {
            JSONSchemaProps field = schema.getProperties().get(name(component));
            Field annotated = field(model, component);
            format(component.getType(), field);
            if (annotated.isAnnotationPresent(UniqueItems.class)) {
                field.setXKubernetesListType("set");
            }
            List<ValidationRule> rules = new ArrayList<>();
            for (EachItem rule : annotated.getAnnotationsByType(EachItem.class)) {
                rules.add(new ValidationRuleBuilder().withRule(rule.value())
                        .withMessageExpression(rule.messageExpression())
                        .build());
            }
            if (!rules.isEmpty()) {
                field.getItems().getSchema().setXKubernetesValidations(rules);
            }
            Class<?> item = item(component.getGenericType()).orElse(component.getType());
            JSONSchemaProps ofItem = field.getItems() == null ? field : field.getItems().getSchema();
            format(item, ofItem);
            if (item.isRecord()) {
                add(item, ofItem);
            }
        }
    }

    private static String name(RecordComponent component) {
        JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
        return property == null ? component.getName() : property.value();
    }

    private static Field field(Class<?> model, RecordComponent component) {
        try {
            return model.getDeclaredField(component.getName());
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void format(Class<?> type, JSONSchemaProps schema) {
        String format = Map.of(Integer.class, "int32", Long.class, "int64").getOrDefault(type, schema.getFormat());
        schema.setFormat(format);
    }

    private static Optional<Class<?>> item(Type type) {
        return type instanceof ParameterizedType list && list.getRawType() == List.class
                && list.getActualTypeArguments()[0] instanceof Class<?> item ? Optional.of(item) : Optional.empty();
    }
}
