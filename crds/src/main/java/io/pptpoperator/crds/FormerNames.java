package io.pptpoperator.crds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What fields of a spec were called before, and what they are called now. The CRDs know the former names, because an API
 * server drops what its CRD does not know, limits too; they refuse them in whatever is written anew. A stored resource
 * that still has them is read as if it said the same with the present names.
 *
 * <p>A former CRD wrote its defaults into every resource. Nobody said those, so they are left out: this release's own
 * defaults take their place.
 */
final class FormerNames {

    /** Begins the description of a former name in a CRD. */
    static final String DESCRIPTION = "Former name, read in resources stored with it, and refused in others, of ";

    /**
     * A field.
     *
     * @param former its path under {@code spec}, as it was
     * @param type of the schema
     * @param present its path now
     */
    record Renamed(String former, String type, String present) {}

    /** A word that a field's value was, and what it is now; nothing when it is what the field not being there means. */
    private record Reworded(String field, String former, Optional<String> present) {}

    private static final FormerNames SERVER = new FormerNames(List.of(new Renamed("localIp", "string", "localIP"),
            new Renamed("useClusterDns", "boolean", "useClusterDNS"), new Renamed("proxyArp", "boolean", "proxyARP"),
            new Renamed("precedence", "string", "realtimePriority"), new Renamed("sessions", "object", "sessionPolicy"),
            new Renamed("limits.sessions", "integer", "limits.maxSessions")),
            List.of(new Reworded("mtu", "auto", Optional.of("Auto")), new Reworded("mss", "auto", Optional.of("Auto")),
                    new Reworded("mss", "off", Optional.of("Off")),
                    new Reworded("nat.uplink", "auto", Optional.empty())),
            """
                    {"useClusterDns": false, "proxyArp": false, "precedence": "Never", "workers": 0,
                     "sessions": {"perUser": 1, "whenExceeded": "Replace", "idleTimeout": "0s", "maxDuration": "0s"},
                     "limits": {"sessions": 10000, "pendingConnections": 512, "connectionsPerSource": 64,
                                "connectionsPerSecond": 100},
                     "mtu": "auto", "mss": "auto", "fragmentOversized": true, "packetSockets": "Auto",
                     "reordering": {"packets": 64, "delay": "50ms"},
                     "keepalive": {"interval": "20s", "failures": 6, "controlInterval": "60s"}}
                    """);
    private static final FormerNames USER = new FormerNames(List.of(new Renamed("sessions", "integer", "maxSessions")),
            List.of(), "{}");
    private static final FormerNames NONE = new FormerNames(List.of(), List.of(), "{}");

    private final List<Renamed> renamed;
    private final List<Reworded> reworded;
    private final JsonNode filledIn;

    private FormerNames(List<Renamed> renamed, List<Reworded> reworded, String filledIn) {
        this.renamed = renamed;
        this.reworded = reworded;
        try {
            this.filledIn = new ObjectMapper().readTree(filledIn);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The former names of a kind. */
    static FormerNames of(Class<? extends CustomResource<?, ?>> kind) {
        if (kind == PptpServer.class) {
            return SERVER;
        }
        return kind == VpnUser.class ? USER : NONE;
    }

    /** All fields that are called otherwise now. */
    List<Renamed> renamed() {
        return renamed;
    }

    /** Removes the fields with former names from a spec, and says which were there. */
    List<Renamed> takeOut(ObjectNode spec) {
        return renamed.stream()
                .filter(it -> parent(spec, it.former()).map(holder -> holder.remove(last(it.former()))).isPresent())
                .toList();
    }

    /**
     * Says with the present names what a spec says with former ones. Where it says both, the present name counts, unless
     * all that it says is its default: the API server fills that in by itself.
     *
     * @return what was renamed, each as a clause; nothing when nobody used a former name
     */
    List<String> translate(ObjectNode spec, CrdSchema schema) {
        var notes = new ArrayList<String>();
        if (renamed.stream().anyMatch(it -> !at(spec, it.former()).isMissingNode())) {
            leaveOut(spec, filledIn);
            renamed.forEach(it -> {
                JsonNode value = at(spec, it.former());
                parent(spec, it.former()).ifPresent(holder -> holder.remove(last(it.former())));
                move(value, it.former(), it.present(), spec, schema, notes);
            });
        }
        reworded.forEach(it -> reword(it, spec, notes));
        return notes;
    }

    /** Takes out of a value whatever part is equal to what was filled in. */
    private static void leaveOut(ObjectNode value, JsonNode filledIn) {
        filledIn.properties().forEach(field -> {
            JsonNode there = value.path(field.getKey());
            if (there instanceof ObjectNode object && field.getValue().isObject()) {
                leaveOut(object, field.getValue());
            } else if (there.equals(field.getValue())) {
                value.remove(field.getKey());
            }
        });
    }

    private static void move(JsonNode value, String former, String present, ObjectNode spec, CrdSchema schema,
            List<String> notes) {
        if (value.isMissingNode() || value.isNull()) {
            return;
        }
        if (value.isObject()) {
            value.properties()
                    .forEach(field -> move(field.getValue(), former + "." + field.getKey(),
                            present + "." + field.getKey(), spec, schema, notes));
            return;
        }
        JsonNode now = at(spec, present);
        if (!hasRoom(spec, present)) {
            notes.add("spec." + former + " is not read, because spec." + present + " has no place");
        } else if (now.isMissingNode() || now.isNull() || now.equals(schema.defaultOf("spec." + present))) {
            holder(spec, present).set(last(present), value);
            notes.add("spec." + former + " is called spec." + present);
        } else {
            notes.add("spec." + former + " is not read, because spec." + present + " says what it said");
        }
    }

    /** Whether everything above a path is a mapping, or not there. */
    private static boolean hasRoom(ObjectNode spec, String path) {
        int dot = path.lastIndexOf('.');
        JsonNode holder = dot < 0 ? spec : at(spec, path.substring(0, dot));
        return holder.isMissingNode() || holder.isObject();
    }

    private static void reword(Reworded word, ObjectNode spec, List<String> notes) {
        if (!at(spec, word.field()).equals(TextNode.valueOf(word.former()))) {
            return;
        }
        ObjectNode holder = parent(spec, word.field()).orElseThrow();
        if (word.present().isPresent()) {
            holder.put(last(word.field()), word.present().get());
            notes.add("spec." + word.field() + ": " + word.former() + " is written " + word.present().get());
        } else {
            holder.remove(last(word.field()));
        }
    }

    private static JsonNode at(JsonNode spec, String path) {
        JsonNode value = spec;
        for (String step : path.split("\\.", -1)) {
            value = value.path(step);
        }
        return value;
    }

    private static Optional<ObjectNode> parent(ObjectNode spec, String path) {
        int dot = path.lastIndexOf('.');
        return (dot < 0 ? spec : at(spec, path.substring(0, dot))) instanceof ObjectNode object
                ? Optional.of(object)
                : Optional.empty();
    }

    /** The mapping that a path's last field is in, made where it is missing. */
    private static ObjectNode holder(ObjectNode spec, String path) {
        int dot = path.lastIndexOf('.');
        return dot < 0 ? spec : spec.withObject("/" + path.substring(0, dot).replace('.', '/'));
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
