package io.pptpoperator.dataplane.yaml;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;

/**
 * Reads YAML into {@link YamlNode}s. No key may stand twice, and nothing may be nested deeper than these files ever are.
 * Files of settings are one document without anchors, aliases or tags, so the tree is never larger than the text.
 * Manifests are any number of documents, in which aliases stand for what their anchors name, within bounds.
 */
public final class YamlReader {

    /** What may stand in a text. */
    private enum Dialect {
        SETTINGS(8), MANIFESTS(64);

        private final int depth;

        Dialect(int depth) {
            this.depth = depth;
        }
    }

    /** What an anchor names. */
    private record Anchored(YamlNode node, long nodes) {}

    /** So many nodes a document of manifests may have once its aliases are written out. */
    private static final long MOST_NODES = 1_000_000;
    private static final String TAGS = "tag:yaml.org,2002:";

    private final Iterator<Event> events;
    private final Dialect dialect;
    private final Map<String, Anchored> anchors = new HashMap<>();
    private long nodes;

    private YamlReader(String text, Dialect dialect) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE); // the text is in memory already
        this.events = new Yaml(options).parse(new StringReader(text)).iterator();
        this.dialect = dialect;
    }

    /**
     * Reads the one document of a file of settings; an empty one is a null scalar.
     *
     * @throws YamlException when the text is anything else
     */
    public static YamlNode settings(String text) throws YamlException {
        List<YamlNode> documents = new ArrayList<>();
        read(text, Dialect.SETTINGS, documents::add);
        return documents.isEmpty() ? new YamlNode.Scalar(1, "", true) : documents.getFirst();
    }

    /**
     * Reads manifests, each document in turn; an empty one is a null scalar.
     *
     * @param each told of every document before the mistake, if there is one
     * @throws YamlException when the text is no YAML
     */
    public static void manifests(String text, Consumer<YamlNode> each) throws YamlException {
        read(text, Dialect.MANIFESTS, each);
    }

    private static void read(String text, Dialect dialect, Consumer<YamlNode> each) throws YamlException {
        try {
            new YamlReader(text, dialect).documents(each);
        } catch (YAMLException | IllegalArgumentException e) {
            // IllegalArgumentException for an escape that the end of the text cuts short. The library's own words quote
            // the text, which may be a password.
            int line = e instanceof MarkedYAMLException marked && marked.getProblemMark() != null
                    ? marked.getProblemMark().getLine() + 1
                    : 0;
            throw new YamlException(line, "this is not YAML; check the indentation and the space after each colon, and"
                    + " put texts with special characters in quotes");
        }
    }

    private void documents(Consumer<YamlNode> each) throws YamlException {
        boolean seen = false;
        while (events.hasNext()) {
            Event event = events.next();
            if (event instanceof DocumentStartEvent) {
                anchors.clear();
                nodes = 0;
            } else if (event instanceof NodeEvent start) {
                if (seen && dialect == Dialect.SETTINGS) {
                    throw error(event, "a second document starts here; one document a file would be right");
                }
                each.accept(node(start, 0));
                seen = true;
            }
        }
    }

    private YamlNode node(NodeEvent event, int depth) throws YamlException {
        if (event.getAnchor() != null && dialect == Dialect.SETTINGS) {
            throw error(event, "anchors (&) and aliases (*) are not supported; the value written out, or in quotes,"
                    + " would be right");
        }
        if (depth > dialect.depth) {
            throw error(event, "this is nested too deeply to be a setting");
        }
        if (event instanceof AliasEvent) {
            return aliased(event);
        }
        long before = nodes++;
        YamlNode node = switch (event) {
            case ScalarEvent scalar -> new YamlNode.Scalar(line(event), scalar.getValue(), isPlain(scalar));
            case SequenceStartEvent sequence -> {
                check(event, sequence.getTag(), "seq");
                yield new YamlNode.Sequence(line(event), items(depth));
            }
            case MappingStartEvent mapping -> {
                check(event, mapping.getTag(), "map");
                yield new YamlNode.Mapping(line(event), entries(depth));
            }
            default -> throw new AssertionError("no node starts with " + event.getEventId());
        };
        if (event.getAnchor() != null) {
            anchors.put(event.getAnchor(), new Anchored(node, nodes - before));
        }
        return node;
    }

    private YamlNode aliased(NodeEvent alias) throws YamlException {
        Anchored anchored = anchors.get(alias.getAnchor());
        if (anchored == null) {
            throw error(alias, "no anchor before this alias has its name; a text that begins with * would be right in"
                    + " quotes");
        }
        nodes += anchored.nodes;
        if (nodes > MOST_NODES) {
            throw error(alias, "the aliases up to here stand for too much; the values written out would be right");
        }
        return anchored.node;
    }

    private List<YamlNode> items(int depth) throws YamlException {
        List<YamlNode> items = new ArrayList<>();
        while (events.next() instanceof NodeEvent item) {
            items.add(node(item, depth + 1));
        }
        return items;
    }

    private Map<String, YamlNode.Entry> entries(int depth) throws YamlException {
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
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

    private boolean isPlain(ScalarEvent scalar) throws YamlException {
        String tag = scalar.getTag();
        if (tag == null) {
            return scalar.getScalarStyle() == ScalarStyle.PLAIN;
        }
        check(scalar, tag, "str");
        return false;
    }

    private void check(Event event, String tag, String known) throws YamlException {
        if (tag != null && (dialect == Dialect.SETTINGS || !tag.equals("!") && !tag.equals(TAGS + known))) {
            throw error(event, "tags (!) are not supported; the value without one, or in quotes, would be right");
        }
    }

    private static int line(Event event) {
        return event.getStartMark().getLine() + 1;
    }

    private static YamlException error(Event event, String message) {
        return new YamlException(line(event), message);
    }
}
