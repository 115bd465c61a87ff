package io.pptpoperator.dataplane.config;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;

/**
 * Reads YAML into {@link YamlNode}s. Only what a configuration needs: one document, no anchors, aliases or tags, no key
 * twice, nothing nested deeper than a configuration ever is; so the tree is never larger than the text.
 */
final class YamlDocument {

    /** Where the text is not such YAML; the message never quotes it. */
    static final class SyntaxException extends Exception {
        private static final long serialVersionUID = 1;
        private final int line;

        SyntaxException(int line, String message) {
            super(message);
            this.line = line;
        }

        /** The line, the first one is 1. */
        int line() {
            return line;
        }
    }

    private static final int MAX_DEPTH = 8;

    private final Iterator<Event> events;

    private YamlDocument(Iterator<Event> events) {
        this.events = events;
    }

    /** Parses the one document of {@code text}; an empty one is a null scalar. */
    static YamlNode parse(String text) throws SyntaxException {
        var options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE); // the text is in memory already
        try {
            return new YamlDocument(new Yaml(options).parse(new StringReader(text)).iterator()).document();
        } catch (YAMLException | IllegalArgumentException e) {
            // IllegalArgumentException for an escape that the end of the text cuts short. The library's own words quote
            // the text, which may be a password.
            int line = e instanceof MarkedYAMLException marked && marked.getProblemMark() != null
                    ? marked.getProblemMark().getLine() + 1
                    : 0;
            throw new SyntaxException(line,
                    "this is not YAML; check the indentation and the space after each colon, and"
                            + " put texts with special characters in quotes");
        }
    }

    private YamlNode document() throws SyntaxException {
        YamlNode root = new YamlNode.Scalar(1, "", true);
        boolean seen = false;
        while (events.hasNext()) {
            Event event = events.next();
            if (event instanceof NodeEvent nodeEvent) {
                if (seen) {
                    throw error(event, "a second document starts here; one document a file would be right");
                }
                root = node(nodeEvent, 0);
                seen = true;
            }
        }
        return root;
    }

    private YamlNode node(NodeEvent event, int depth) throws SyntaxException {
        if (event.getAnchor() != null) {
            throw error(event, "anchors (&) and aliases (*) are not supported; the value written out, or in quotes,"
                    + " would be right");
        }
        if (depth > MAX_DEPTH) {
            throw error(event, "this is nested too deeply to be a setting");
        }
        return switch (event) {
            case ScalarEvent scalar -> {
                refuseTag(event, scalar.getTag());
                yield new YamlNode.Scalar(line(event), scalar.getValue(), scalar.getScalarStyle() == ScalarStyle.PLAIN);
            }
            case SequenceStartEvent sequence -> {
                refuseTag(event, sequence.getTag());
                yield new YamlNode.Sequence(line(event), items(depth));
            }
            case MappingStartEvent mapping -> {
                refuseTag(event, mapping.getTag());
                yield new YamlNode.Mapping(line(event), entries(depth));
            }
            case AliasEvent alias -> throw new AssertionError("an alias has an anchor: " + alias.getEventId());
            default -> throw new AssertionError("no node starts with " + event.getEventId());
        };
    }

    private List<YamlNode> items(int depth) throws SyntaxException {
        var items = new ArrayList<YamlNode>();
        while (events.next() instanceof NodeEvent item) {
            items.add(node(item, depth + 1));
        }
        return items;
    }

    private Map<String, YamlNode.Entry> entries(int depth) throws SyntaxException {
        var entries = new LinkedHashMap<String, YamlNode.Entry>();
        while (events.next() instanceof NodeEvent keyEvent) {
            if (!(node(keyEvent, depth + 1) instanceof YamlNode.Scalar key)) {
                throw error(keyEvent, "a list or a mapping cannot be a key; a name would be right");
            }
            YamlNode value = node((NodeEvent) events.next(), depth + 1);
            if (entries.put(key.text(), new YamlNode.Entry(key.line(), value)) != null) {
                throw error(keyEvent, "this key stands here for the second time; once would be right");
            }
        }
        return entries;
    }

    private static void refuseTag(Event event, String tag) throws SyntaxException {
        if (tag != null) {
            throw error(event, "tags (!) are not supported; the value without one, or in quotes, would be right");
        }
    }

    private static int line(Event event) {
        return event.getStartMark().getLine() + 1;
    }

    private static SyntaxException error(Event event, String message) {
        return new SyntaxException(line(event), message);
    }
}
