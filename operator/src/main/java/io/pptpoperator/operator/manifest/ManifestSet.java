package io.pptpoperator.operator.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pptpoperator.crds.CrdSchema;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.TolerantResource;
import io.pptpoperator.crds.VpnProfile;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * PptpServers, VpnUsers, VpnProfiles and Secrets from files, checked against the CRDs' schemas and with their defaults filled in.
 */
public final class ManifestSet {

    /**
     * A resource and where it stands.
     *
     * @param resource the resource
     * @param origin the document that says it
     */
    public record Declared<T>(T resource, ManifestDocument origin) {

        /** The place alone: the resource may be a secret. */
        @Override
        public String toString() {
            return "Declared[" + origin + "]";
        }
    }

    /** The namespace of resources that name none, as with {@code kubectl}. */
    public static final String DEFAULT_NAMESPACE = "default";

    private static final String OWN_API = PptpServer.GROUP + "/" + PptpServer.VERSION;
    private static final Set<String> TOP = Set.of("apiVersion", "kind", "metadata", "spec", "status");
    private static final Set<String> TOP_OF_SECRET = Set.of("apiVersion", "kind", "metadata", "type", "data",
            "stringData", "immutable");
    /** The CRD's rule for PptpServers: Services and pods are named after them. */
    private static final String SERVER_NAME = "[a-z]([-a-z0-9]{0,43}[a-z0-9])?";
    private static final String OTHER_NAME = "(?=.{1,253}$)[a-z0-9]([-.a-z0-9]*[a-z0-9])?";

    private static final CrdSchema SERVER_SCHEMA = CrdSchema.of(PptpServer.class);
    private static final CrdSchema USER_SCHEMA = CrdSchema.of(VpnUser.class);
    private static final CrdSchema PROFILE_SCHEMA = CrdSchema.of(VpnProfile.class);
    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    private final Consumer<ObjectNode> serverDefaults;
    private final SortedMap<ObjectKey, Declared<PptpServer>> servers = new TreeMap<>();
    private final SortedMap<ObjectKey, Declared<VpnUser>> users = new TreeMap<>();
    private final SortedMap<ObjectKey, Declared<VpnProfile>> profiles = new TreeMap<>();
    private final SortedMap<ObjectKey, Declared<Map<String, String>>> secrets = new TreeMap<>();
    private final SortedMap<String, Map<String, String>> namespaces = new TreeMap<>();
    private final List<ManifestProblem> ignored = new ArrayList<>();
    private final List<ManifestProblem> problems = new ArrayList<>();

    private ManifestSet(Consumer<ObjectNode> serverDefaults) {
        this.serverDefaults = serverDefaults;
    }

    /**
     * Reads all files.
     *
     * @param serverDefaults changes the {@code spec} of a PptpServer before the schema's defaults fill its gaps
     * @throws ManifestException when something in them cannot be what is meant; says everything that is wrong
     */
    public static ManifestSet read(Collection<ManifestText> files, Consumer<ObjectNode> serverDefaults) {
        var set = new ManifestSet(serverDefaults);
        for (ManifestText file : files) {
            ManifestDocument.readAll(file, set.problems).forEach(set::add);
        }
        if (!set.problems.isEmpty()) {
            throw new ManifestException(set.problems);
        }
        return set;
    }

    private void add(ManifestDocument document) {
        ObjectNode content = document.content();
        String kind = content.path("apiVersion").asText() + " " + content.path("kind").asText();
        switch (kind) {
            case OWN_API + " PptpServer" -> addCustom(document, PptpServer.class, SERVER_NAME, SERVER_SCHEMA, servers);
            case OWN_API + " VpnUser" -> addCustom(document, VpnUser.class, OTHER_NAME, USER_SCHEMA, users);
            case OWN_API + " VpnProfile" -> addCustom(document, VpnProfile.class, OTHER_NAME, PROFILE_SCHEMA, profiles);
            case "v1 Secret" -> addSecret(document);
            case "v1 Namespace" -> namespaces.put(document.content().at("/metadata/name").asText(), document.labels());
            default -> {
                if (kind.startsWith(PptpServer.GROUP) || kind.isBlank() || kind.startsWith(" ") || kind.endsWith(" ")) {
                    problems.add(document
                            .problem("kind: '" + kind.strip() + "' is not known; PptpServer, VpnUser or VpnProfile of "
                                    + OWN_API + ", or Secret of v1, would be right"));
                } else {
                    ignored.add(document.problem("kind: " + kind + " means nothing here and is passed over"));
                }
            }
        }
    }

    private <T extends TolerantResource<?, ?>> void addCustom(ManifestDocument document, Class<T> kind,
            String namePattern, CrdSchema schema, SortedMap<ObjectKey, Declared<T>> known) {
        ObjectNode content = document.content();
        int before = problems.size();
        checkTop(document, TOP, namePattern);
        schema.problems(content).forEach(problem -> problems.add(document.problem(problem)));
        if (problems.size() > before) {
            return;
        }
        if (kind == PptpServer.class && content.get("spec") instanceof ObjectNode spec) {
            serverDefaults.accept(spec);
        }
        schema.fillDefaults(content);
        T resource;
        try {
            resource = SERIALIZATION.unmarshal(content.toString(), kind);
        } catch (RuntimeException e) {
            problems.add(document.problem(kind.getSimpleName() + " cannot be read: "
                    + (e.getCause() == null ? e : e.getCause()).getMessage()));
            return;
        }
        if (!resource.isReadable()) {
            resource.unreadable().forEach(field -> problems.add(document.problem(field.toString())));
            return;
        }
        resource.getMetadata().setNamespace(key(content).namespace());
        put(known, resource, document);
    }

    private void addSecret(ManifestDocument document) {
        ObjectNode content = document.content();
        int before = problems.size();
        checkTop(document, TOP_OF_SECRET, OTHER_NAME);
        var data = new TreeMap<String, String>();
        texts(document, "data").forEach((key, value) -> {
            try {
                Base64.getDecoder().decode(value);
                data.put(key, value);
            } catch (IllegalArgumentException e) {
                problems.add(document.problem("data." + key + ": is not base64; stringData takes the text as it is"));
            }
        });
        texts(document, "stringData").forEach((key, value) -> data.put(key,
                Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
        if (problems.size() == before) {
            put(secrets, key(content), data, document);
        }
    }

    private Map<String, String> texts(ManifestDocument document, String field) {
        var texts = new TreeMap<String, String>();
        JsonNode node = document.content().path(field);
        if (!node.isMissingNode() && !node.isNull() && !node.isObject()) {
            problems.add(document.problem(field + ": must be a mapping"));
        }
        node.properties().forEach(entry -> {
            if (entry.getValue().isTextual()) {
                texts.put(entry.getKey(), entry.getValue().textValue());
            } else {
                problems.add(document.problem(field + "." + entry.getKey() + ": must be a text; put it into quotes"));
            }
        });
        return texts;
    }

    private void checkTop(ManifestDocument document, Set<String> known, String namePattern) {
        document.content().fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                problems.add(document.problem(field + ": is not a known field"));
            }
        });
        JsonNode name = document.content().at("/metadata/name");
        if (!name.isTextual()) {
            problems.add(document.problem("metadata.name: is missing"));
        } else if (!name.textValue().matches(namePattern)) {
            problems.add(document
                    .problem("metadata.name: '" + name.textValue() + "' must be lower-case letters, digits and dashes"
                            + (namePattern.equals(SERVER_NAME) ? ", 45 at most, starting with a letter" : "")));
        }
    }

    private <T extends CustomResource<?, ?>> void put(SortedMap<ObjectKey, Declared<T>> known, T resource,
            ManifestDocument document) {
        put(known, ObjectKey.of(resource), resource, document);
    }

    private <T> void put(SortedMap<ObjectKey, Declared<T>> known, ObjectKey key, T resource,
            ManifestDocument document) {
        Declared<T> before = known.putIfAbsent(key, new Declared<>(resource, document));
        if (before != null) {
            problems.add(document.problem("metadata.name: " + document.content().path("kind").asText() + " " + key
                    + " stands in " + before.origin() + " already"));
        }
    }

    private static ObjectKey key(ObjectNode content) {
        return new ObjectKey(content.at("/metadata/namespace").asText(DEFAULT_NAMESPACE),
                content.at("/metadata/name").asText());
    }

    /** All PptpServers. */
    public SortedMap<ObjectKey, Declared<PptpServer>> servers() {
        return servers;
    }

    /** All VpnUsers. */
    public SortedMap<ObjectKey, Declared<VpnUser>> users() {
        return users;
    }

    /** All VpnProfiles. */
    public SortedMap<ObjectKey, Declared<VpnProfile>> profiles() {
        return profiles;
    }

    /** The data of all Secrets, in base64. */
    public SortedMap<ObjectKey, Declared<Map<String, String>>> secrets() {
        return secrets;
    }

    /** The labels of all Namespaces, by name. */
    public SortedMap<String, Map<String, String>> namespaces() {
        return namespaces;
    }

    /** What kinds of resources were passed over. */
    public List<ManifestProblem> ignored() {
        return ignored;
    }
}
