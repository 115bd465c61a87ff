package io.pptpoperator.dataplane.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration cannot be used; says everything that was found wrong, one line each. */
public final class ConfigException extends RuntimeException {

    private final transient List<ConfigError> errors;

    /** Carries at least one error. */
    public ConfigException(List<ConfigError> errors) {
        super(errors.stream().map(ConfigError::toString).collect(Collectors.joining("\n")));
        this.errors = List.copyOf(errors);
    }

    /** What is wrong, in the order of the files' lines. */
    public List<ConfigError> errors() {
        return errors;
    }
}
