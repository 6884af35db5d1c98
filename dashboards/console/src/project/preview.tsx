import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Project } from "../../../../clients/sdk/client.ts";
import { useClient } from "../api/client.ts";
import { Loading } from "../ui/page.tsx";
import { ScrollBox } from "../ui/scroll-box.tsx";
import { TroubleNote } from "../ui/trouble.tsx";
import { contentQuery } from "./manifest.ts";

type Deliverable = Project["deliverables"][number];

/** Text longer than this is cut in the preview; the download has all of it. */
const MAX_TEXT = 200_000;

interface PreviewProps {
  readonly project: string;
  readonly file: Deliverable;
}

/**
 * A delivered file as it looks. It is made from what a tenant sent, so it is shown where it can do nothing: a page in a frame that may run
 * no script and has no origin, a drawing as an image, everything else as text.
 */
export function Preview({ project, file }: PreviewProps) {
  const client = useClient();
  const { data, error, refetch } = useQuery(contentQuery(client, project, file));
  if (error !== null) return <TroubleNote error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading what={file.name} />;
  return (
    <div>
      {data.isIntact === true && <p className="mb-2 text-sm text-good">✓ Its SHA-256 is the one in the manifest.</p>}
      {data.isIntact === false && (
        <p className="mb-2 text-sm font-semibold text-bad">✕ Its SHA-256 is not the one in the manifest: it was changed or damaged.</p>
      )}
      <Shown file={file} bytes={data.bytes} />
    </div>
  );
}

function Shown({ file, bytes }: { readonly file: Deliverable; readonly bytes: Uint8Array<ArrayBuffer> }) {
  const isPage = file.mediaType.startsWith("text/html");
  const isDrawing = file.mediaType.startsWith("image/");
  const address = useBlobAddress(bytes, file.mediaType, isPage || isDrawing);
  if (isPage)
    return (
      <iframe
        title={`Preview of ${file.name}`}
        sandbox=""
        src={address}
        className="h-[75vh] w-full rounded-lg border border-line bg-panel"
      />
    );
  if (isDrawing)
    return <img alt={`Preview of ${file.name}`} src={address} className="max-w-full rounded-lg border border-line bg-white p-2" />;
  const text = new TextDecoder().decode(bytes);
  return (
    <ScrollBox label={`Text of ${file.name}`}>
      {text.slice(0, MAX_TEXT)}
      {text.length > MAX_TEXT && "\n… cut here; download the file for the rest."}
    </ScrollBox>
  );
}

/** An address for bytes that lasts as long as they are shown. */
function useBlobAddress(bytes: Uint8Array<ArrayBuffer>, mediaType: string, isWanted: boolean): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (!isWanted) return;
    const made = URL.createObjectURL(new Blob([bytes], { type: mediaType }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes, mediaType, isWanted]);
  return address;
}
