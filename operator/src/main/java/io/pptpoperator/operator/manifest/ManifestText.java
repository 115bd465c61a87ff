package io.pptpoperator.operator.manifest;

/**
 * A file with manifests in it.
 *
 * @param file its name, for messages
 * @param text its YAML; holds secrets
 */
public record ManifestText(String file, String text) {

    /** The file's name alone. */
    @Override
    public String toString() {
        return "ManifestText[" + file + "]";
    }
}
