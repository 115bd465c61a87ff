package io.pptpoperator.dataplane.config;

/**
 * A problem and where it stands.
 *
 * @param file the file's name
 * @param line its line, the first one is 1; 0 when the file as a whole is meant
 * @param problem the field concerned and what is wrong
 */
public record ConfigError(String file, int line, FieldProblem problem) {

    /** One line such as {@code server.yaml:12: listen.port: 70000 is not a port; 1 to 65535 would be right}. */
    @Override
    public String toString() {
        return file + ":" + (line > 0 ? line + ": " : " ") + problem;
    }
}
