package io.pptpoperator.operator.monitoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a query in Prometheus' language asks for, as far as names go: which series, and by which labels it groups. It
 * does not evaluate anything.
 *
 * @param selectors every series that is asked for
 * @param groupings every label named after by, without, on, ignoring, group_left or group_right
 */
public record Promql(List<Selector> selectors, Set<String> groupings) {

    /**
     * A metric, and what its labels must be.
     */
    public record Selector(String metric, List<Match> matches) {}

    /**
     * One condition on a label.
     *
     * @param operator one of {@code =}, {@code !=}, {@code =~}, {@code !~}
     */
    public record Match(String label, String operator, String value) {}

    private static final Pattern TOKEN = Pattern.compile("\\s*(?:" + "(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)"
            + "|\"(?<text>(?:[^\"\\\\]|\\\\.)*)\"" + "|(?<number>[0-9.][0-9a-zA-Z.]*|\\$[a-zA-Z_]+)"
            + "|(?<sign>=~|!~|!=|==|<=|>=|[-+*/%^<>=(){}\\[\\],@:])" + ")");
    private static final Set<String> LISTS = Set.of("by", "without", "on", "ignoring", "group_left", "group_right");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset", "atan2");

    /**
     * Reads a query.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Promql parse(String query) {
        return new Parser(query).all();
    }

    private static final class Parser {

        private final String query;
        private final List<String> kinds = new ArrayList<>();
        private final List<String> values = new ArrayList<>();
        private final List<Selector> selectors = new ArrayList<>();
        private final Set<String> groupings = new TreeSet<>();
        private int at;

        Parser(String query) {
            this.query = query;
            Matcher token = TOKEN.matcher(query.strip());
            int end = 0;
            while (end < query.strip().length()) {
                if (!token.find(end) || token.start() != end) {
                    throw wrong("cannot go on at: " + query.strip().substring(end));
                }
                for (String kind : List.of("name", "text", "number", "sign")) {
                    if (token.group(kind) != null) {
                        kinds.add(kind);
                        values.add(token.group(kind));
                    }
                }
                end = token.end();
            }
        }

        Promql all() {
            var open = new ArrayList<String>();
            while (at < values.size()) {
                if (isName()) {
                    name();
                    continue;
                }
                String value = values.get(at);
                boolean sign = "sign".equals(kinds.get(at));
                at++;
                if (sign && (value.equals("(") || value.equals("["))) {
                    open.add(value.equals("(") ? ")" : "]");
                } else if (sign && (value.equals(")") || value.equals("]"))) {
                    if (open.isEmpty() || !open.removeLast().equals(value)) {
                        throw wrong("an unexpected " + value);
                    }
                } else if (sign && (value.equals("{") || value.equals("}"))) {
                    throw wrong("labels without a metric");
                }
            }
            if (!open.isEmpty()) {
                throw wrong("no " + open.getLast() + " at the end");
            }
            return new Promql(List.copyOf(selectors), Set.copyOf(groupings));
        }

        private void name() {
            String name = values.get(at++);
            if (LISTS.contains(name)) {
                if (sees("(")) {
                    labels();
                }
            } else if (WORDS.contains(name) || sees("(")
                    || isName() && Set.of("by", "without").contains(values.get(at))) {
                return; // an operator, a function or an aggregation
            } else {
                selectors.add(new Selector(name, sees("{") ? matches() : List.of()));
            }
        }

        private void labels() {
            expect("(");
            while (!sees(")")) {
                groupings.add(take("name"));
                if (!sees(")")) {
                    expect(",");
                }
            }
            expect(")");
        }

        private List<Match> matches() {
            var matches = new ArrayList<Match>();
            expect("{");
            while (!sees("}")) {
                String label = take("name");
                String operator = take("sign");
                if (!Set.of("=", "!=", "=~", "!~").contains(operator)) {
                    throw wrong("labels are not compared with " + operator);
                }
                matches.add(new Match(label, operator, take("text")));
                if (!sees("}")) {
                    expect(",");
                }
            }
            expect("}");
            return List.copyOf(matches);
        }

        private boolean isName() {
            return at < kinds.size() && "name".equals(kinds.get(at));
        }

        private boolean sees(String sign) {
            return at < kinds.size() && "sign".equals(kinds.get(at)) && values.get(at).equals(sign);
        }

        private void expect(String sign) {
            if (!sees(sign)) {
                throw wrong("no " + sign + " where one belongs");
            }
            at++;
        }

        private String take(String kind) {
            if (at >= kinds.size() || !kinds.get(at).equals(kind)) {
                throw wrong("no " + kind + " where one belongs");
            }
            return values.get(at++);
        }

        private IllegalArgumentException wrong(String what) {
            return new IllegalArgumentException("not a query: " + what + ", in: " + query);
        }
    }
}
