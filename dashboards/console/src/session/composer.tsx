import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { must } from "../../../../clients/sdk/client.ts";
import { useClient } from "../api/client.ts";
import { Button } from "../ui/button.tsx";
import { FilesField, TextArea } from "../ui/field.tsx";
import { TroubleNote } from "../ui/trouble.tsx";

interface ComposerProps {
  readonly session: string;
  /** Why nothing can be sent now. */
  readonly unavailable: string | undefined;
}

/** The place to say something, with files to speak about. */
export function Composer({ session, unavailable }: ComposerProps) {
  const client = useClient();
  const form = useRef<HTMLFormElement>(null);
  const [text, setText] = useState("");
  const [files, setFiles] = useState<readonly File[]>([]);
  const send = useMutation({
    mutationFn: async (message: { text: string; files: readonly File[] }) => {
      const attachments: string[] = [];
      for (const file of message.files) attachments.push((await client.upload(file.name, file)).id);
      return must(
        client.api.POST("/v1/sessions/{id}/messages", { params: { path: { id: session } }, body: { text: message.text, attachments } }),
      );
    },
    onSuccess: () => {
      setText("");
      setFiles([]);
    },
  });
  const why = send.isPending ? "The message is on its way." : unavailable;
  return (
    <form
      ref={form}
      className="space-y-3 rounded-xl border border-line bg-panel p-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (why === undefined && text.trim() !== "") send.mutate({ text: text.trim(), files });
      }}
    >
      <TextArea
        label="Message"
        required
        maxLength={100_000}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          form.current?.requestSubmit();
        }}
        hint="Enter sends it; Shift and Enter begin a new line."
      />
      <FilesField label="Files to speak about" files={files} onFiles={setFiles} />
      <Button look="main" type="submit" unavailable={why}>
        Send
      </Button>
      {send.error !== null && <TroubleNote error={send.error} />}
    </form>
  );
}
