package io.pptpoperator.operator.pptpdimport;

import io.pptpoperator.operator.manifest.ManifestException;
import io.pptpoperator.operator.manifest.ManifestSet;
import io.pptpoperator.operator.manifest.ManifestText;
import io.pptpoperator.operator.manifest.YamlText;
import io.pptpoperator.operator.roster.PasswordMark;
import io.pptpoperator.operator.roster.SecretMark;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A translation as manifests.
 *
 * @param yaml the manifests; holds the users' passwords
 * @param problems lines that are wrong, and what the manifests could not take over because of it
 */
public record ImportedManifests(String yaml, List<Remark> problems) {

    /**
     * Where the retarget will live.
     *
     * @param serverName the PptpServer's name
     * @param namespace the namespace of all retarget; none: wherever they are applied
     */
    public record Target(String serverName, Optional<String> namespace) {}

    private static final String API = "pptp-operator.io/v1alpha1";

    /** Writes a translation down. */
    static ImportedManifests of(Target target, Translation translation) {
        var problems = new ArrayList<>(translation.problems());
        Ipv4Address local = Ipv4Address.parse(translation.spec().get("localIP").toString());
        var spec = new LinkedHashMap<>(translation.spec());
        String radiusSecret = target.serverName() + "-radius";
        translation.radius().ifPresent(it -> it.addTo(spec, radiusSecret));
        var yaml = new StringBuilder(YamlText.document(above(translation.comments(), problems),
                resource(target, API, "PptpServer", target.serverName(), "spec", spec)));
        translation.radius()
                .ifPresent(it -> yaml.append(YamlText.document(List.of(), resource(target, "v1", "Secret", radiusSecret,
                        Map.of(SecretMark.RADIUS.label(), SecretMark.VALUE), "stringData", it.secrets()))));
        for (UserDraft user : translation.users()) {
            yaml.append(user(target, user, local, problems)).append(secret(target, user));
        }
        check(yaml.toString(), problems);
        return new ImportedManifests(yaml.toString(), List.copyOf(problems));
    }

    private static List<String> above(List<Remark> comments, List<Remark> problems) {
        var lines = new ArrayList<String>();
        if (!problems.isEmpty()) {
            lines.add("Lines that are wrong:");
            problems.forEach(it -> lines.add("  " + it));
        }
        lines.add("What is different here, and what to do about it:");
        comments.forEach(it -> lines.add("  " + it));
        return lines;
    }

    private static String user(Target target, UserDraft user, Ipv4Address local, List<Remark> problems) {
        var spec = new LinkedHashMap<String, Object>();
        if (!user.resource().equals(user.entry().client())) {
            spec.put("username", user.entry().client());
        }
        spec.put("password", Map.of("secretKeyRef", key(user)));
        if (user.ownServer()) {
            spec.put("servers", List.of(Map.of("name", target.serverName())));
        }
        if (user.address().filter(local::equals).isPresent()) {
            problems.add(user.entry().remark("the address " + local + " was left out: it is the server's localIP"));
        } else {
            user.address().ifPresent(it -> spec.put("address", it.toString()));
        }
        spec.putAll(user.more());
        if (!user.enabled()) {
            spec.put("enabled", false);
        }
        return YamlText.document(user.comments(), resource(target, API, "VpnUser", user.resource(), "spec", spec));
    }

    private static Map<String, String> key(UserDraft user) {
        var key = new LinkedHashMap<String, String>();
        key.put("name", secretName(user));
        key.put("key", "password");
        return key;
    }

    private static String secretName(UserDraft user) {
        return user.resource() + "-password";
    }

    private static String secret(Target target, UserDraft user) {
        return YamlText.document(List.of(),
                resource(target, "v1", "Secret", secretName(user), Map.of(PasswordMark.LABEL, PasswordMark.VALUE),
                        "stringData", Map.of("password", user.entry().secret())));
    }

    private static Map<String, Object> resource(Target target, String api, String kind, String name, String field,
            Map<String, ?> content) {
        return resource(target, api, kind, name, Map.of(), field, content);
    }

    private static Map<String, Object> resource(Target target, String api, String kind, String name,
            Map<String, String> labels, String field, Map<String, ?> content) {
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put("name", name);
        target.namespace().ifPresent(it -> metadata.put("namespace", it));
        if (!labels.isEmpty()) {
            metadata.put("labels", labels);
        }
        var resource = new LinkedHashMap<String, Object>();
        resource.put("apiVersion", api);
        resource.put("kind", kind);
        resource.put("metadata", metadata);
        resource.put(field, content);
        return resource;
    }

    /** What an API server would refuse shall be known before it does. */
    private static void check(String yaml, List<Remark> problems) {
        try {
            ManifestSet.read(List.of(new ManifestText("the result", yaml)), spec -> {});
        } catch (ManifestException e) {
            e.problems().forEach(it -> problems.add(new Remark(it.file(), it.line(), it.message())));
        }
    }

    /** Without the text: it holds passwords. */
    @Override
    public String toString() {
        return "ImportedManifests" + problems;
    }
}
