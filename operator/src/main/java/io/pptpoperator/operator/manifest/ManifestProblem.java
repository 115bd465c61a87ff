package io.pptpoperator.operator.manifest;

/**
 * What is wrong in a file of manifests.
 *
 * @param file the file's name
 * @param document the document in the file, the first one is 1; 0 when it is not known
 * @param line the line, the first one is 1; 0 when it is not known
 * @param message the field and what is wrong with it; never a secret
 */
public record ManifestProblem(String file, int document, int line, String message) {

    /** One line such as {@code vpn.yaml:12 (document 2): spec.localIP: is missing}. */
    @Override
    public String toString() {
        return file + (line > 0 ? ":" + line : "") + (document > 0 ? " (document " + document + ")" : "") + ": "
                + message;
    }
}
