package io.pptpoperator.operator.manifest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.constructor.StandardConstructor;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** One YAML document: what it says, and on which lines. */
public final class ManifestDocument {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String file;
    private final int number;
    private final Node root;
    private final ObjectNode content;

    private ManifestDocument(String file, int number, Node root, ObjectNode content) {
        this.file = file;
        this.number = number;
        this.root = root;
        this.content = content;
    }

    /**
     * Reads all documents of a file; empty ones count, but are left out.
     *
     * @param problems gets what is no YAML, or no mapping
     */
    static List<ManifestDocument> readAll(ManifestText source, List<ManifestProblem> problems) {
        var settings = LoadSettings.builder().setSchema(new CoreSchema()).setLabel(source.file()).build();
        var documents = new ArrayList<ManifestDocument>();
        int number = 0;
        try {
            for (Node node : new Compose(settings).composeAllFromString(source.text())) {
                number++;
                Object value = new StandardConstructor(settings).constructSingleDocument(Optional.of(node));
                if (value instanceof Map<?, ?> mapping) {
                    ObjectNode content = JSON.valueToTree(mapping);
                    documents.add(new ManifestDocument(source.file(), number, node, content));
                } else if (value != null) {
                    problems.add(new ManifestProblem(source.file(), number, line(node),
                            "a manifest is a mapping that begins with apiVersion and kind"));
                }
            }
        } catch (YamlEngineException | IllegalArgumentException e) {
            // The library's own words quote the text, which may be a password.
            int line = e instanceof MarkedYamlEngineException marked
                    ? marked.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0)
                    : 0;
            problems.add(new ManifestProblem(source.file(), number + 1, line,
                    "this is not YAML; check the indentation and the space after each colon, that no key stands "
                            + "twice, and put texts with special characters in quotes"));
        }
        return documents;
    }

    /** What the document says; may be changed, to fill in defaults. */
    ObjectNode content() {
        return content;
    }

    /** The labels; none where they are not what labels are. */
    public Map<String, String> labels() {
        var labels = new TreeMap<String, String>();
        content.at("/metadata/labels").properties().forEach(entry -> {
            if (entry.getValue().isTextual()) {
                labels.put(entry.getKey(), entry.getValue().textValue());
            }
        });
        return labels;
    }

    /** A problem of the whole document, or of the field at the start of the message, up to a colon. */
    public ManifestProblem problem(String message) {
        int colon = message.indexOf(':');
        return new ManifestProblem(file, number, colon < 0 ? line(root) : lineOf(message.substring(0, colon)), message);
    }

    /** The line of the field at {@code path} ({@code spec.pools[1]}), or of what is nearest above it. */
    private int lineOf(String path) {
        Node node = root;
        int line = line(root);
        for (String step : path.split("[.\\[]", -1)) {
            Optional<NodeTuple> entry = entry(node, step);
            if (entry.isPresent()) {
                line = line(entry.get().getKeyNode());
                node = entry.get().getValueNode();
            } else if (node instanceof SequenceNode list && step.matches("[0-9]{1,6}\\]")
                    && Integer.parseInt(step, 0, step.length() - 1, 10) < list.getValue().size()) {
                node = list.getValue().get(Integer.parseInt(step, 0, step.length() - 1, 10));
                line = line(node);
            } else {
                return line;
            }
        }
        return line;
    }

    private static Optional<NodeTuple> entry(Node node, String key) {
        return node instanceof MappingNode mapping
                ? mapping.getValue()
                        .stream()
                        .filter(it -> it.getKeyNode() instanceof ScalarNode name && name.getValue().equals(key))
                        .findFirst()
                : Optional.empty();
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    /** File and number alone: the content may be secret. */
    @Override
    public String toString() {
        return file + " (document " + number + ")";
    }
}
