// Keys and certificates, made for one test with the openssl program.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

function openssl(...args) {
  execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
}

/** A certificate and its key as files, with their bytes. */
function pair(folder, name) {
  const files = { certificate: path.join(folder, `${name}.pem`), key: path.join(folder, `${name}.key`) };
  return {
    ...files,
    get cert() {
      return readFileSync(files.certificate);
    },
    get keyBytes() {
      return readFileSync(files.key);
    },
  };
}

function request(files, name, ...more) {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", files.key];
  openssl("req", "-x509", ...key, "-out", files.certificate, "-days", "2", "-subj", `/CN=${name}`, ...more);
}

/** An authority that signs certificates. */
export function makeAuthority(folder, name) {
  const files = pair(folder, name);
  request(files, name);
  return {
    ...files,
    cert: files.cert,
    /** A certificate for a server on this machine, or for a client. */
    issue(subject) {
      const issued = pair(folder, subject);
      const names = "subjectAltName=DNS:localhost,IP:127.0.0.1";
      request(issued, subject, "-CA", files.certificate, "-CAkey", files.key, "-addext", names, "-addext",
        "basicConstraints=critical,CA:FALSE");
      return issued;
    },
  };
}

/** The same pair in one PKCS #12 file; its bytes. */
export function toPkcs12(x, passphrase) {
  const file = `${x.key}.p12`;
  openssl("pkcs12", "-export", "-inkey", x.key, "-in", x.certificate, "-passout", `pass:${passphrase}`, "-out", file);
  return readFileSync(file);
}
