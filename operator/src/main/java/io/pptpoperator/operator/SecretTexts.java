package io.pptpoperator.operator;

import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** What Secrets hold, as texts. */
public final class SecretTexts {

    private SecretTexts() {}

    /** The texts of a Secret, by key. */
    public static Map<String, String> of(Secret secret) {
        var texts = new TreeMap<String, String>();
        if (secret.getData() != null) {
            secret.getData()
                    .forEach((key, encoded) -> texts.put(key,
                            new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8)));
        }
        return texts;
    }
}
