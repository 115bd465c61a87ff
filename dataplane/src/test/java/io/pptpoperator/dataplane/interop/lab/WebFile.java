package io.pptpoperator.dataplane.interop.lab;

/**
 * A file of random bytes that the lab's web servers have.
 *
 * @param path   its absolute path in a URL
 * @param size   bytes
 * @param sha256 its hash in lower-case hexadecimal digits
 */
public record WebFile(String path, int size, String sha256) {}
