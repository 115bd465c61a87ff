package io.pptpoperator.operator.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class YamlTextTest {

    @Test
    void documentsLookAsPeopleWriteThem() {
        var spec = new LinkedHashMap<String, Object>();
        spec.put("localIP", "192.168.10.1");
        spec.put("pools", List.of("192.168.10.100-192.168.10.200", "10.8.0.0/24"));
        spec.put("servers", List.of(Map.of("name", "office")));
        spec.put("policy", "Off");
        spec.put("idleTimeout", "30m");
        spec.put("sessions", 0);

        assertThat(YamlText.document(List.of("first", "second"), Map.of("spec", spec))).isEqualTo("""
                ---
                # first
                # second
                spec:
                  localIP: 192.168.10.1
                  pools:
                    - 192.168.10.100-192.168.10.200
                    - 10.8.0.0/24
                  servers:
                    - name: office
                  policy: "Off"
                  idleTimeout: 30m
                  sessions: 0
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "No", "y", "~", "null", "007", "0x1F", "1e3", "1_000", "12:30:45", "2030-01-01", "=",
            "<<", "- a", "a: b", "a #b", "'", "\"", "\\", "", " ", "*x", "&x", "!x", "%x", "@x", "{", "[", "1.5", "\t",
            "a\nb", "\u0085", "\u2028", "\ufeff", "pässword", "\ud83d\ude00", "0b1", "0o7", ".inf", "1s"})
    void everyReaderGetsATextBackAsItWas(String text) {
        assertThat(readBack(text)).isEqualTo(text);
    }

    @Property
    boolean anyTextComesBackAsItWas(@ForAll String text) {
        // A lone half of a surrogate pair is no character, and no file can hold it.
        return text.codePoints().anyMatch(it -> Character.getType(it) == Character.SURROGATE)
                || text.equals(readBack(text));
    }

    @Property
    boolean noCommentEndsEarly(@ForAll String comment) {
        return read(YamlText.document(List.of(comment), Map.of("key", "value"))).equals(Map.of("key", "value"));
    }

    /** Through a reader of YAML 1.1, where most texts mean something else. */
    private static Object readBack(String text) {
        return read(YamlText.document(List.of(), Map.of("key", text))).get("key");
    }

    private static Map<?, ?> read(String yaml) {
        var documents = new ArrayList<Object>();
        new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(yaml).forEach(documents::add);
        return (Map<?, ?>) documents.getFirst();
    }
}
