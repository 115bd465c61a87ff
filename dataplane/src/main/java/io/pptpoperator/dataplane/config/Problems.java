package io.pptpoperator.dataplane.config;

import io.pptpoperator.dataplane.config.setting.Complaints;
import io.pptpoperator.dataplane.config.setting.Place;
import io.pptpoperator.dataplane.yaml.YamlNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What was found wrong with one file so far. */
final class Problems implements Complaints {

    private static final int MAX_ERRORS = 50;
    private static final int MAX_TEXT = 400;

    private final String file;
    private final YamlNode root;
    private final List<ConfigError> found = new ArrayList<>();

    Problems(String file, YamlNode root) {
        this.file = file;
        this.root = root;
    }

    @Override
    public void add(Place place, String message) {
        add(place.toString(), message);
    }

    @Override
    public void addAt(int line, Place place, String message) {
        addAt(line, place.toString(), message);
    }

    private void add(String field, String message) {
        addAt(root.lineOf(field), field, message);
    }

    private void addAt(int line, String field, String message) {
        found.add(new ConfigError(file, line, new FieldProblem(oneLine(field), oneLine(message))));
    }

    /** Adds what was found on a second look, but not where a field could not be read and holds a default instead. */
    void addUnlessKnown(List<FieldProblem> problems) {
        List<ConfigError> known = List.copyOf(found);
        for (FieldProblem problem : problems) {
            if (known.stream().noneMatch(error -> problem.concernsSameFieldAs(error.problem()))) {
                add(problem.field(), problem.message());
            }
        }
    }

    /** The problems in the order of the file; the first {@value #MAX_ERRORS} of them. */
    List<ConfigError> errors() {
        return found.stream().sorted(Comparator.comparingInt(ConfigError::line)).limit(MAX_ERRORS).toList();
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new ConfigException(errors());
        }
    }

    /** Values come into messages as they stand in the file, where they may be long or have several lines. */
    private static String oneLine(String text) {
        String line = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "...";
        return line.replaceAll("[\\p{Cntrl}\\x{85}\\x{2028}\\x{2029}]", "?");
    }
}
