package io.pptpoperator.dataplane.config.setting;

/**
 * Where a setting stands in its file. Becomes text only when there is something to say about it.
 *
 * @param above the section or list around it, null for the file itself
 * @param key its key there; empty for an item of a list
 * @param index its position in a list
 */
public record Place(Place above, String key, int index) {

    /** The file itself. */
    public static final Place FILE = new Place(null, "", 0);

    /** What stands here under a key. */
    public Place key(String name) {
        return new Place(this, name, 0);
    }

    /** An item of the list that stands here. */
    public Place item(int position) {
        return new Place(this, "", position);
    }

    /** Its path, such as {@code users[3].routes[0]}; empty for the file itself. */
    @Override
    public String toString() {
        if (above == null) {
            return "";
        }
        if (key.isEmpty()) {
            return above + "[" + index + "]";
        }
        return above.above == null ? key : above + "." + key;
    }
}
