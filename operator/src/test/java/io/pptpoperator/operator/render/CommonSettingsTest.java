package io.pptpoperator.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.client.CustomResource;
import io.pptpoperator.crds.CrdSchema;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnProfile;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.dataplane.config.ProfileConfig;
import io.pptpoperator.dataplane.config.RadiusConfig;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.dataplane.config.setting.Section;
import io.pptpoperator.dataplane.config.setting.SettingText;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What resources and the data plane's files have in common has the same names, words and bounds in both. */
class CommonSettingsTest {

    /**
     * A resource and the record of what the files say of it.
     *
     * @param below where in its spec the fields are
     * @param ofTheResource fields that the operator itself heeds
     * @param ofTheFile settings that the operator writes by itself, or leaves at their defaults
     * @param mostlyCompared more than that many are compared
     */
    record Pair(Class<? extends CustomResource<?, ?>> kind, String below, Class<? extends Record> settings,
            Set<String> ofTheResource, Set<String> ofTheFile, int mostlyCompared) {

        JsonNode schema() throws IOException {
            return spec(kind).at(below);
        }

        @Override
        public String toString() {
            return settings.getSimpleName();
        }
    }

    /** Of a pool that is divided among pods, one pod's share may be in more pieces than people would write. */
    private static final Map<String, String> OTHER_MOST = Map.of("pools", "1024");
    /** Servers whose Secrets are away are left out, all of them if need be. */
    private static final Map<String, String> OTHER_LEAST = Map.of("servers", "");

    private static final Pattern DURATIONS = Pattern.compile("duration\\(self\\) (==|>=|<=) duration\\('([^']+)'\\)");
    private static final Pattern NUMBERS = Pattern.compile("self (>=|<=) ([0-9]+)");
    private static final Pattern WORDS = Pattern.compile("'([A-Za-z]+)'");

    static Stream<Pair> pairs() {
        return Stream.of(
                new Pair(PptpServer.class, "", ServerConfig.class,
                        Set.of("replicas", "workload", "image", "imagePullPolicy", "exposure", "useClusterDNS", "users",
                                "probePort", "pod", "updatePolicy", "radius"),
                        Set.of("name", "listen.address", "listen.port", "tun", "adminAddress", "adminTLS.certificate",
                                "adminTLS.key", "adminTLS.clientCA", "offload", "cpuAffinity"),
                        40),
                // Certificate and key come from one Secret.
                new Pair(PptpServer.class, "/properties/radius", RadiusConfig.class,
                        Set.of("servers[].tls.certificate"),
                        Set.of("source", "servers[].tls.certificate", "servers[].tls.key"), 15),
                new Pair(VpnUser.class, "", UserConfig.class, Set.of("servers"), Set.of("overQuota"), 5),
                new Pair(VpnProfile.class, "", ProfileConfig.class, Set.of(), Set.of("name"), 5));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void everyFieldIsASettingAndTheOtherWayRound(Pair pair) throws IOException {
        Set<String> fields = new TreeSet<>();
        fields(pair.schema(), "", pair, fields);
        Set<String> settings = new TreeSet<>();
        Section.of(pair.settings).describe(it -> settings.add(it.path()));
        settings.removeAll(pair.ofTheFile);
        assertThat(settings).isEqualTo(fields);
    }

    private static void fields(JsonNode schema, String path, Pair pair, Set<String> fields) {
        schema.path("properties").properties().forEach(property -> {
            String child = path.isEmpty() ? property.getKey() : path + "." + property.getKey();
            JsonNode ofChild = property.getValue();
            if (pair.ofTheResource.contains(child) || isFormer(ofChild)) {
                return;
            }
            JsonNode items = ofChild.path("items");
            if (!ofChild.has("properties") || ofChild.at("/properties/secretKeyRef").isObject()) {
                fields.add(child);
            } else {
                fields(ofChild, child, pair, fields);
            }
            fields(items, child + "[]", pair, fields);
        });
    }

    /** What resources were stored with before a field was renamed: the files never had it. */
    private static boolean isFormer(JsonNode field) {
        return field.path("description").asText().startsWith("Former name,");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void boundsAndWordsAreTheSame(Pair pair) throws IOException {
        JsonNode spec = pair.schema();
        Map<String, String> differences = new LinkedHashMap<>();
        List<String> compared = new ArrayList<>();
        Section.of(pair.settings).describe(setting -> {
            JsonNode field = spec;
            for (String step : setting.path().split("[.]", -1)) {
                field = step.endsWith("[]")
                        ? field.path("properties").path(step.substring(0, step.length() - 2)).path("items")
                        : field.path("properties").path(step);
            }
            if (!field.isMissingNode() && !pair.ofTheFile.contains(setting.path())
                    && !field.at("/properties/secretKeyRef").isObject()) {
                compared.add(setting.path());
                compare(setting, field, differences);
            }
        });
        assertThat(differences).isEmpty();
        assertThat(compared).hasSizeGreaterThan(pair.mostlyCompared);
    }

    private static void compare(SettingText setting, JsonNode field, Map<String, String> differences) {
        String path = setting.path();
        String rules = "";
        for (JsonNode rule : field.path("x-kubernetes-validations")) {
            rules += rule.path("rule").textValue() + "\n";
        }
        if (setting.isList()) {
            expect(differences, path + " min", setting.min(),
                    OTHER_LEAST.getOrDefault(path, text(field.path("minItems"))));
            expect(differences, path + " max", setting.max(),
                    OTHER_MOST.getOrDefault(path, text(field.path("maxItems"))));
            expect(differences, path + " words", Set.copyOf(setting.words()), texts(field.path("items").path("enum")));
        } else if (rules.contains("duration(self)")) {
            Map<String, String> bounds = found(DURATIONS, rules);
            expect(differences, path + " zero", setting.words(),
                    bounds.containsKey("==") ? List.of(bounds.get("==")) : List.of());
            expect(differences, path + " min", setting.min().equals("0s") ? "" : setting.min(),
                    bounds.getOrDefault(">=", ""));
            expect(differences, path + " max", setting.max(), bounds.get("<="));
        } else if (field.path("x-kubernetes-int-or-string").asBoolean()) {
            Map<String, String> bounds = found(NUMBERS, rules);
            Set<String> words = new TreeSet<>();
            WORDS.matcher(rules).results().forEach(it -> words.add(it.group(1)));
            expect(differences, path + " words", Set.copyOf(setting.words()), words);
            expect(differences, path + " min", setting.min(), bounds.get(">="));
            expect(differences, path + " max", setting.max(), bounds.get("<="));
        } else if (field.path("type").asText().equals("integer")) {
            expect(differences, path + " min", setting.min(), text(field.path("minimum")));
            expect(differences, path + " max", setting.max(), text(field.path("maximum")));
        } else if (field.path("type").asText().equals("boolean")) {
            expect(differences, path + " words", setting.words(), List.of("true", "false"));
        } else if (field.has("enum")) {
            expect(differences, path + " words", Set.copyOf(setting.words()), texts(field.path("enum")));
        } else if (!setting.pattern().isEmpty()) {
            expect(differences, path + " pattern", "^" + setting.pattern() + "$", field.path("pattern").asText());
            expect(differences, path + " min", setting.min(), text(field.path("minLength")));
            expect(differences, path + " max", setting.max(), text(field.path("maxLength")));
        }
    }

    private static void expect(Map<String, String> differences, String what, Object ofTheFile, Object ofTheResource) {
        if (!ofTheFile.equals(ofTheResource)) {
            differences.put(what, ofTheFile + " in the file, " + ofTheResource + " in the resource");
        }
    }

    private static Map<String, String> found(Pattern pattern, String rules) {
        Map<String, String> found = new LinkedHashMap<>();
        Matcher matcher = pattern.matcher(rules);
        while (matcher.find()) {
            found.put(matcher.group(1), matcher.group(2));
        }
        return found;
    }

    private static String text(JsonNode number) {
        return number.isMissingNode() ? "" : number.asText();
    }

    private static Set<String> texts(JsonNode words) {
        Set<String> texts = new TreeSet<>();
        words.forEach(it -> texts.add(it.textValue()));
        return texts;
    }

    private static JsonNode spec(Class<? extends CustomResource<?, ?>> kind) throws IOException {
        String file = "/crds/" + CustomResource.getCRDName(kind) + ".yaml";
        try (InputStream crd = CrdSchema.class.getResourceAsStream(file)) {
            return new YAMLMapper().readTree(crd).at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
        }
    }
}
