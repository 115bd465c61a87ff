package io.pptpoperator.operator.render;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.Radius;
import io.pptpoperator.crds.UserSelection;
import io.pptpoperator.crds.VpnUserSpec.SecretKey;
import io.pptpoperator.dataplane.config.ConfigCheck;
import io.pptpoperator.dataplane.config.FieldProblem;
import io.pptpoperator.dataplane.config.RadiusConfig;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.config.setting.Section;
import io.pptpoperator.dataplane.yaml.YamlNode;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.roster.SecretLookup;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The data plane's {@code users.radius.yaml} of a PptpServer. A RADIUS server whose Secret is not to be had is left out,
 * so that the others are asked; with none left, nobody logs in by RADIUS.
 *
 * @param config what the pods are told
 * @param problems what had to be left out, and why
 * @param memory the texts of Secrets, for the next time
 */
public record RadiusRendering(RadiusConfig config, List<RadiusProblem> problems, RadiusMemory memory) {

    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();
    private static final int LONGEST_SECRET = 256;
    private static final String SECRET = "secret";

    /** Copies the list. */
    public RadiusRendering {
        problems = List.copyOf(problems);
    }

    /**
     * Translates what a resource says of RADIUS, whose schema defaults are filled in.
     *
     * @param server what the pods are told otherwise
     * @param secrets finds Secrets that are marked for RADIUS
     * @param before the texts of Secrets as they were last time
     * @return nothing when the resource says nothing of RADIUS
     * @throws InvalidSpecException when no data plane could work like that; says everything that is wrong
     */
    public static Optional<RadiusRendering> of(PptpServer resource, ServerConfig server, SecretLookup secrets,
            RadiusMemory before, Instant now) {
        Radius radius = resource.getSpec().radius();
        UserSelection.Source source = resource.getSpec().users().source();
        if (radius == null) {
            if (source.asksRadius()) {
                throw new InvalidSpecException(List.of("users.source: " + source
                        + " needs radius.servers, which say whom to ask; those, or Resources, would be right"));
            }
            return Optional.empty();
        }
        var found = new RadiusSecrets(resource.getMetadata().getNamespace(), secrets, before, now);
        List<String> problems = new ArrayList<>();
        RadiusConfig config = Section.of(RadiusConfig.class)
                .readAmongOthers(YamlNode.of(settings(resource, radius, found)),
                        (place, message) -> problems.add("radius." + place + ": " + message));
        for (FieldProblem problem : ConfigCheck.radius(config)) {
            problems.add("radius." + problem);
        }
        for (FieldProblem problem : ConfigCheck.together(server, config)) {
            problems.add("radius." + problem);
        }
        if (!problems.isEmpty()) {
            throw new InvalidSpecException(problems);
        }
        return Optional.of(new RadiusRendering(config, found.problems(), found.memory()));
    }

    /** What the file and a PptpServer have in common has the same name and form in both. */
    private static Map<String, Object> settings(PptpServer resource, Radius radius, RadiusSecrets secrets) {
        Map<String, Object> settings = tree(radius);
        settings.put("source", resource.getSpec().users().source().name());
        settings.putIfAbsent("nasIdentifier", ObjectKey.of(resource) + "/{member}");
        settings.put("servers", radius.servers().stream().flatMap(it -> server(it, secrets).stream()).toList());
        if (radius.dynamicAuthorization() != null) {
            settings.put("dynamicAuthorization", dynamicAuthorization(radius.dynamicAuthorization(), secrets));
        }
        return settings;
    }

    private static Map<String, Object> dynamicAuthorization(Radius.DynamicAuthorization dynamic,
            RadiusSecrets secrets) {
        Map<String, Object> settings = tree(dynamic);
        settings.remove(SECRET);
        if (Boolean.TRUE.equals(dynamic.enabled()) && dynamic.secret() != null) {
            secret("radius.dynamicAuthorization.secret", dynamic.secret().secretKeyRef(), secrets)
                    .ifPresentOrElse(it -> settings.put(SECRET, it), () -> settings.put("enabled", false));
        }
        return settings;
    }

    private static Optional<Map<String, Object>> server(Radius.Server server, RadiusSecrets secrets) {
        Map<String, Object> settings = tree(server);
        String name = "RADIUS server " + server.host();
        if (server.secret() != null) {
            Optional<String> secret = secret(name, server.secret().secretKeyRef(), secrets);
            if (secret.isEmpty()) {
                return Optional.empty();
            }
            settings.put(SECRET, secret.get());
        }
        if (server.tls() != null) {
            Optional<Map<String, Object>> tls = tls(name, server.tls(), secrets);
            if (tls.isEmpty()) {
                return Optional.empty();
            }
            settings.put("tls", tls.get());
        }
        return Optional.of(settings);
    }

    private static Optional<Map<String, Object>> tls(String server, Radius.Tls tls, RadiusSecrets secrets) {
        Map<String, Object> settings = new LinkedHashMap<>();
        SecretKey authority = tls.ca().secretKeyRef();
        Optional<String> ca = pem(server + ", tls.ca", authority.name(), authority.key(), "CERTIFICATE", secrets);
        ca.ifPresent(it -> settings.put("ca", it));
        if (tls.serverName() != null) {
            settings.put("serverName", tls.serverName());
        }
        if (tls.certificate() == null) {
            return ca.map(it -> settings);
        }
        String name = tls.certificate().secretName();
        Optional<String> certificate = pem(server + ", tls.certificate", name, "tls.crt", "CERTIFICATE", secrets);
        Optional<String> key = pem(server + ", tls.certificate", name, "tls.key", "PRIVATE KEY", secrets);
        certificate.ifPresent(it -> settings.put("certificate", it));
        key.ifPresent(it -> settings.put("key", it));
        return settings.keySet().containsAll(List.of("ca", "certificate", "key"))
                ? Optional.of(settings)
                : Optional.empty();
    }

    private static Optional<String> secret(String what, SecretKey key, RadiusSecrets secrets) {
        return secrets.text(what, key.name(), key.key()).filter(it -> {
            boolean possible = !it.isEmpty() && it.length() <= LONGEST_SECRET;
            if (!possible) {
                secrets.refuse(what + ": key " + key.key() + " of Secret " + key.name()
                        + " cannot be a shared secret; 1 to " + LONGEST_SECRET + " characters would be right");
            }
            return possible;
        });
    }

    private static Optional<String> pem(String what, String secret, String key, String kind, RadiusSecrets secrets) {
        return secrets.text(what, secret, key).filter(it -> {
            boolean possible = it.contains("-----BEGIN " + kind + "-----");
            if (!possible) {
                secrets.refuse(what + ": key " + key + " of Secret " + secret + " has no " + kind + " in PEM"
                        + (kind.equals("PRIVATE KEY")
                                ? "; a key in PKCS #8 would be right (openssl pkcs8 -topk8 -nodes; cert-manager:"
                                        + " privateKey.encoding: PKCS8)"
                                : ""));
            }
            return possible;
        });
    }

    private static Map<String, Object> tree(Object record) {
        Map<?, ?> tree = SERIALIZATION.convertValue(record, Map.class);
        Map<String, Object> settings = new TreeMap<>();
        tree.forEach((key, value) -> {
            if (value != null) {
                settings.put(key.toString(), value);
            }
        });
        return settings;
    }
}
