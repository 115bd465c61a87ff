package io.pptpoperator.dataplane.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * What differs when a file's content may differ, links followed: enough to see a change without reading the file.
 *
 * @param key the file's identity on its file system, such as its inode; null where it cannot be read
 * @param size its length in bytes
 * @param modified when it was last written
 */
public record FileStamp(Object key, long size, FileTime modified) {

    private static final FileStamp NONE = new FileStamp(null, -1, FileTime.fromMillis(0));

    /** The stamp of a file or directory as it is now; always the same one while it cannot be read. */
    public static FileStamp of(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileStamp(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
        } catch (IOException e) {
            return NONE; // whoever reads the file says why it cannot be read
        }
    }
}
