package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CustomResourceInfo;
import io.fabric8.crdv2.generator.ResolvingContext;
import io.fabric8.crdv2.generator.v1.CustomResourceHandler;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRuleBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Makes the CRDs from the Java model: fabric8's generator, and what it leaves to be done. */
final class CrdGeneration {

    private static final YAMLMapper YAML = YAMLMapper
            .builder(YAMLFactory.builder()
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                    .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .disable(YAMLGenerator.Feature.SPLIT_LINES)
                    .build())
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .addModule(new SimpleModule().addSerializer(Double.class, new WholeNumbers()))
            .build();

    /** Bounds are numbers to the generator; all of ours are whole ones, and shall look so. */
    private static final class WholeNumbers extends JsonSerializer<Double> {
        @Override
        public void serialize(Double value, JsonGenerator json, SerializerProvider context) throws IOException {
            json.writeNumber(value.longValue());
        }
    }

    private CrdGeneration() {}

    static String yaml(Class<? extends CustomResource<?, ?>> kind) throws JsonProcessingException {
        return "# Generated from " + kind.getSimpleName() + ".java; CommittedCrdsTest says how.\n"
                + YAML.writeValueAsString(crd(kind));
    }

    private static CustomResourceDefinition crd(Class<? extends CustomResource<?, ?>> kind) {
        var handler = new CustomResourceHandler();
        handler.handle(CustomResourceInfo.fromClass(kind), ResolvingContext.defaultResolvingContext(false));
        var crd = (CustomResourceDefinition) handler.finish().findFirst().orElseThrow().getKey();
        CustomResourceDefinitionVersion version = crd.getSpec().getVersions().getFirst();
        version.getAdditionalPrinterColumns()
                .sort(Comparator.comparing(CustomResourceColumnDefinition::getName,
                        Comparator.comparingInt(columns(kind)::indexOf)));
        JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
        root.setDescription(kind.getAnnotation(JsonClassDescription.class).value());
        finish(root);
        for (Class<?> part : parts(kind)) {
            ModelDetails.add(part, root.getProperties().get(part.getSimpleName().endsWith("Spec") ? "spec" : "status"));
        }
        FormerNames.of(kind).renamed().forEach(it -> addFormer(root.getProperties().get("spec"), it));
        boolean hasRequired = kind == PptpServer.class || !root.getProperties().get("spec").getRequired().isEmpty();
        root.setRequired(hasRequired ? List.of("spec") : List.of());
        describe(root, "spec", "What shall be.");
        describe(root, "status", "What is. Written by the operator alone.");
        JSONSchemaProps conditions = root.getProperties().get("status").getProperties().get("conditions");
        conditions.setXKubernetesListType("map");
        conditions.setXKubernetesListMapKeys(List.of("type"));
        return crd;
    }

    /** The generator sorts columns by path; people want them in the order of the annotations. */
    private static List<String> columns(Class<?> kind) {
        return Stream.of(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .toList();
    }

    private static void describe(JSONSchemaProps schema, String property, String description) {
        schema.getProperties().get(property).setDescription(description);
    }

    /** The classes of spec and status. */
    private static List<Class<?>> parts(Class<?> kind) {
        var resource = (ParameterizedType) kind.getGenericSuperclass();
        return Stream.of(resource.getActualTypeArguments()).<Class<?>>map(it -> (Class<?>) it).toList();
    }

    /** A field that stored resources may still have, and that nobody can write any more. */
    private static void addFormer(JSONSchemaProps spec, FormerNames.Renamed field) {
        String[] steps = field.former().split("\\.", -1);
        JSONSchemaProps parent = spec;
        for (int i = 0; i < steps.length - 1; i++) {
            parent = parent.getProperties().get(steps[i]);
        }
        String name = steps[steps.length - 1];
        parent.getProperties()
                .put(name,
                        new JSONSchemaPropsBuilder().withType(field.type())
                                .withXKubernetesPreserveUnknownFields(field.type().equals("object") ? true : null)
                                .withDescription(FormerNames.DESCRIPTION + field.present() + ".")
                                .build());
        var rules = new ArrayList<>(parent.getXKubernetesValidations());
        rules.add(new ValidationRuleBuilder()
                .withRule("!has(self." + name + ") || oldSelf.hasValue() && has(oldSelf.value()." + name + ")")
                .withMessage(field.former() + " is called " + field.present() + " now")
                .withOptionalOldSelf(true)
                .build());
        parent.setXKubernetesValidations(rules);
    }

    private static void finish(JSONSchemaProps schema) {
        // A record component's annotations stand on its field and on its accessor, and the generator takes both.
        if (schema.getXKubernetesValidations() != null) {
            schema.setXKubernetesValidations(new ArrayList<>(new LinkedHashSet<>(schema.getXKubernetesValidations())));
        }
        if (schema.getItems() != null) {
            finish(schema.getItems().getSchema());
        }
        if (schema.getAdditionalProperties() != null) {
            finish(schema.getAdditionalProperties().getSchema());
        }
        for (Map.Entry<String, JSONSchemaProps> property : schema.getProperties().entrySet()) {
            JSONSchemaProps child = property.getValue();
            if (child.getDescription() == null) {
                child.setDescription(KubernetesDescriptions.of(property.getKey()));
            }
            KubernetesBounds.add(property.getKey(), child);
            if ("array".equals(child.getType())) {
                // Whoever applies a list owns it whole, as with Kubernetes' own; see UniqueItems for the others.
                child.setXKubernetesListType("atomic");
            }
            finish(child);
        }
    }
}
