package io.pptpoperator.operator.standalone;

import io.fabric8.kubernetes.api.model.Secret;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.manifest.ManifestSet;
import io.pptpoperator.operator.manifest.ManifestText;
import io.pptpoperator.operator.manifest.YamlText;
import io.pptpoperator.operator.roster.GeneratedPassword;
import io.pptpoperator.operator.roster.PasswordMark;
import io.pptpoperator.operator.roster.SecretLookup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The passwords of VpnUsers that bring none, as the Secrets that the operator would make in a cluster. A password stays
 * what it is once it stands there; whoever wants another one deletes or edits its Secret.
 */
final class PasswordFile implements SecretLookup {

    /** Its name, in the folder of the manifests. */
    static final String NAME = "generated-passwords.yaml";

    private final Path path;
    private final SecureRandom random;
    private Map<ObjectKey, Map<String, String>> secrets = Map.of();

    PasswordFile(Path path, SecureRandom random) {
        this.path = path;
        this.random = random;
    }

    /** Where it is. */
    Path path() {
        return path;
    }

    @Override
    public Optional<Map<String, String>> data(ObjectKey secret) {
        return Optional.ofNullable(secrets.get(secret));
    }

    /**
     * Reads the file, and adds a password for each of {@code users} that has none in it.
     *
     * @return the users that got one just now
     * @throws io.pptpoperator.operator.manifest.ManifestException when the file was edited into something else
     */
    List<VpnUser> provideFor(List<VpnUser> users) throws IOException {
        String text = Files.exists(path) ? Files.readString(path) : "";
        secrets = secrets(text);
        List<VpnUser> missing = users.stream()
                .filter(user -> !secrets.containsKey(Rendition.passwordKey(user)))
                .toList();
        if (!missing.isEmpty()) {
            var grown = new StringBuilder(text.isEmpty() || text.endsWith("\n") ? text : text + "\n");
            missing.forEach(user -> grown.append(document(user)));
            PrivateFiles.replace(path, grown.toString());
            secrets = secrets(grown.toString());
        }
        return missing;
    }

    private Map<ObjectKey, Map<String, String>> secrets(String text) {
        var found = new LinkedHashMap<ObjectKey, Map<String, String>>();
        Rendition.read(List.of(new ManifestText(path.toString(), text)))
                .secrets()
                .forEach((key, secret) -> found.put(key, secret.resource()));
        return found;
    }

    private String document(VpnUser user) {
        Secret secret = GeneratedPassword.secret(user, random);
        var tree = new LinkedHashMap<String, Object>();
        tree.put("apiVersion", "v1");
        tree.put("kind", "Secret");
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put("name", secret.getMetadata().getName());
        if (!secret.getMetadata().getNamespace().equals(ManifestSet.DEFAULT_NAMESPACE)) {
            metadata.put("namespace", secret.getMetadata().getNamespace());
        }
        metadata.put("labels", Map.of(PasswordMark.LABEL, PasswordMark.VALUE));
        tree.put("metadata", metadata);
        tree.put("type", secret.getType());
        tree.put("stringData", secret.getStringData());
        return YamlText.document(List.of("Generated for VpnUser " + user.getMetadata().getName()), tree);
    }
}
