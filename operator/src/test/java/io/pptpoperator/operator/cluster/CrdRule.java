package io.pptpoperator.operator.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * A CEL rule of a committed CRD.
 *
 * @param path the field that it is on, such as {@code /spec/pools}
 * @param message what the API server says when it is broken
 */
record CrdRule(String path, Pattern message) {

    private static final Pattern LITERAL = Pattern.compile("'((?:[^'\\\\]|\\\\.)*)'");

    /** All rules of one CRD. */
    static List<CrdRule> of(String plural) {
        try {
            JsonNode crd = new YAMLMapper()
                    .readTree(CrdRule.class.getResourceAsStream("/crds/" + plural + ".pptp-operator.io.yaml"));
            var rules = new ArrayList<CrdRule>();
            collect("", crd.at("/spec/versions/0/schema/openAPIV3Schema"), rules);
            return rules;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void collect(String path, JsonNode schema, List<CrdRule> rules) {
        schema.path("x-kubernetes-validations").forEach(rule -> rules.add(new CrdRule(path, message(path, rule))));
        if (schema.has("items")) {
            collect(path + "/*", schema.get("items"), rules);
        }
        if (schema.path("additionalProperties").isObject()) {
            collect(path + "/*", schema.get("additionalProperties"), rules);
        }
        schema.path("properties")
                .properties()
                .forEach(field -> collect(path + "/" + field.getKey(), field.getValue(), rules));
    }

    /**
     * A message expression puts values between its literals; the first and the last of them are enough to know it by.
     */
    private static Pattern message(String path, JsonNode rule) {
        String field = path.isEmpty()
                ? ""
                : path.substring(1).replace("/*", "(\\[[^]]+]|[.][^:]+)").replace("/", "[.]")
                        + rule.path("fieldPath").asText().replace(".", "[.]") + ": .*";
        if (rule.has("message")) {
            return Pattern.compile(field + Pattern.quote(rule.get("message").asText()));
        }
        Matcher literals = LITERAL.matcher(rule.get("messageExpression").asText());
        var texts = new ArrayList<String>();
        while (literals.find()) {
            texts.add(literals.group(1).replace("\\'", "'"));
        }
        return Pattern.compile(field + Pattern.quote(texts.getFirst()) + ".*" + Pattern.quote(texts.getLast()));
    }

    /** Whether a spec has the field that the rule is on; a rule on the whole spec concerns every one. */
    boolean concerns(JsonNode spec) {
        return !path.startsWith("/spec/") || has(spec, List.of(path.substring("/spec/".length()).split("/", -1)));
    }

    private static boolean has(JsonNode value, List<String> path) {
        if (path.isEmpty()) {
            return !value.isMissingNode();
        }
        List<String> rest = path.subList(1, path.size());
        return path.getFirst().equals("*")
                ? StreamSupport.stream(value.spliterator(), false).anyMatch(item -> has(item, rest))
                : has(value.path(path.getFirst()), rest);
    }

    @Override
    public String toString() {
        return path + ": " + message;
    }
}
